// What one tries a configuration with: saved contexts; and what rules are written with: attributes seen, segments.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, newIdempotencyKey } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type SavedContext = components["schemas"]["SavedContext"];
export type SeenAttribute = components["schemas"]["Attributes"]["items"][number];

const most = 40; // each is read on its own
const page = (cursor?: string) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });

export const savedContextsQuery = ({ org, project }: Place) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "contexts"),
    queryFn: async ({ signal }) => {
      const listed = await all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/contexts", {
            signal,
            params: { path: { org, project }, query: page(cursor) },
          }),
        ),
      );
      return Promise.all(
        listed.slice(0, most).map(({ id }) =>
          body(
            api.GET("/api/v1/orgs/{org}/projects/{project}/contexts/{context}", {
              signal,
              params: { path: { org, project, context: id } },
            }),
          ),
        ),
      );
    },
  });

export async function saveContext(
  { org, project }: Place,
  name: string,
  context: unknown,
  shared: boolean,
): Promise<void> {
  await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/contexts", {
      params: { path: { org, project }, header: { "Idempotency-Key": newIdempotencyKey() } },
      body: { name, context, shared } as never,
    }),
  );
  await queries.invalidateQueries({ queryKey: savedContextsQuery({ org, project }).queryKey });
}

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
