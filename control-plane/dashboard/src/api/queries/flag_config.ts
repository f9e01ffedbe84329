// A flag's configuration in one environment, and how often it was evaluated lately.
import { queryOptions } from "@tanstack/react-query";
import { api, body, tagged } from "../client";
import { orgKey } from "../query";
import type { Place } from "./flags";

export const flagConfigQuery = ({ org, project }: Place, flag: string, env: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flags", flag, "environments", env),
    queryFn: ({ signal }) =>
      tagged(
        api.GET("/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", {
          signal,
          params: { path: { org, project, flag, env } },
        }),
      ),
  });

// What of a flag the model needs to apply instructions to its configurations.
export const applyOptionsQuery = ({ org, project }: Place, flag: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flags", flag, { view: "apply" }),
    queryFn: async ({ signal }) => {
      const { salt, variations } = await body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/flags/{flag}", {
          signal,
          params: { path: { org, project, flag } },
        }),
      );
      return { salt, variations: variations.map((variation) => variation.key) };
    },
  });

export const lastMinuteQuery = ({ org, project }: Place, flag: string, env: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "last-minute", project, flag, env }),
    queryFn: async ({ signal }) => {
      const from = new Date(Date.now() - 60_000).toISOString();
      const stats = await body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats", {
          signal,
          params: { path: { org, project, env }, query: { flag, from } },
        }),
      );
      return stats.flags.reduce((sum, counted) => sum + counted.count, 0);
    },
  });
