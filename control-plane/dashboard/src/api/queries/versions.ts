// Versions of an environment: who published what.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type PastVersion = components["schemas"]["PastVersion"];

const most = 200;

// The version that was the newest at a time; null: none of then is kept. A version is replaced, not changed, so it stays.
export const versionAtQuery = ({ org, project }: Place, env: string, time: number | undefined) =>
  queryOptions({
    queryKey: orgKey(org, { view: "version-at", project, env, time: time ?? null }),
    queryFn: async ({ signal }): Promise<PastVersion | null> => {
      let cursor: string | undefined;
      do {
        const page = await body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/versions", {
            signal,
            params: { path: { org, project, env }, query: { limit: most, ...(cursor ? { cursor } : {}) } },
          }),
        );
        const found = page.items.find(({ at }) => Date.parse(at) <= (time ?? 0));
        if (found) return found;
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return null;
    },
    enabled: time !== undefined,
  });

// The latest hundred, newest first.
export const latestVersionsQuery = ({ org, project }: Place, env: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, { view: "versions", env }),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/versions", {
          signal,
          params: { path: { org, project, env }, query: { limit: 100 } },
        }),
      ).then((page) => page.items),
  });
