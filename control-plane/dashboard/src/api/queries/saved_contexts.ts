// Contexts that people have saved in a project, by name.
import { queryOptions } from "@tanstack/react-query";
import { isObject, parseJson, writeJson } from "../../model/index";
import { all, api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type SavedContext = components["schemas"]["SavedContext"];

export const savedContextsQuery = ({ org, project }: Place) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "contexts", { form: "names" }),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/contexts", {
            signal,
            params: { path: { org, project }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } },
          }),
        ),
      ),
  });

// The context itself, as JSON in a line; its numbers keep their spelling.
export async function readSavedContext({ org, project }: Place, context: string): Promise<string> {
  const text = await body(
    api.GET("/api/v1/orgs/{org}/projects/{project}/contexts/{context}", {
      parseAs: "text",
      params: { path: { org, project, context } },
    }),
  );
  const saved = parseJson(text);
  return writeJson((isObject(saved) ? saved.context : undefined) ?? {});
}
