// Saved views of the list of flags, own and the project's.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, newIdempotencyKey } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type View = components["schemas"]["View"];
export type ViewInput = components["schemas"]["ViewInput"];

export const viewsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "views"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/views", {
            signal,
            params: { path: { org, project }, query: cursor === undefined ? {} : { cursor } },
          }),
        ),
      ),
  });

export async function saveView({ org, project }: Place, view: ViewInput): Promise<View> {
  const made = await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/views", {
      params: { path: { org, project }, header: { "Idempotency-Key": newIdempotencyKey() } },
      body: view,
    }),
  );
  await queries.invalidateQueries({ queryKey: viewsQuery(org, project).queryKey });
  return made;
}

export async function deleteView({ org, project }: Place, view: string): Promise<void> {
  await body(
    api.DELETE("/api/v1/orgs/{org}/projects/{project}/views/{view}", { params: { path: { org, project, view } } }),
  );
  await queries.invalidateQueries({ queryKey: viewsQuery(org, project).queryKey });
}
