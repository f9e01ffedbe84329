// What rules are written with: attributes that were seen, and segments.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type SeenAttribute = components["schemas"]["Attributes"]["items"][number];

const page = (cursor?: string) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });

export const attributesQuery = ({ org, project }: Place, env: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "attributes", project, env }),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/attributes", {
            signal,
            params: { path: { org, project, env }, query: page(cursor) },
          }),
        ),
      ),
    staleTime: 10 * 60_000,
  });

export const segmentKeysQuery = ({ org, project }: Place) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "segments", { form: "keys" }),
    queryFn: async ({ signal }) => {
      const segments = await all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/segments", {
            signal,
            params: { path: { org, project }, query: page(cursor) },
          }),
        ),
      );
      return segments.map(({ key }) => key);
    },
  });
