// One flag: its definition, what depends on it, what has been changed of it, how often it is evaluated.
import { queryOptions } from "@tanstack/react-query";
import { api, body, tagged } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { AuditEntry } from "./audit";
import type { Place } from "./flags";

export type Use = components["schemas"]["Use"];

export const flagQuery = ({ org, project }: Place, flag: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flags", flag),
    queryFn: ({ signal }) =>
      tagged(
        api.GET("/api/v1/orgs/{org}/projects/{project}/flags/{flag}", {
          signal,
          params: { path: { org, project, flag } },
        }),
      ),
  });

// Any flag's change may be what makes or ends a use.
export const usesQuery = ({ org, project }: Place, flag: string, variation?: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "uses", flag, { variation: variation ?? null }),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/flags/{flag}/uses", {
          signal,
          params: { path: { org, project, flag }, query: variation === undefined ? {} : { variation } },
        }),
      ),
  });

// Counts of the last hour, by variation.
export const lastHourQuery = ({ org, project }: Place, flag: string, env: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "last-hour", project, flag, env }),
    queryFn: async ({ signal }) => {
      const from = new Date(Date.now() - 3_600_000).toISOString();
      const stats = await body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats", {
          signal,
          params: { path: { org, project, env }, query: { flag, from } },
        }),
      );
      return stats.flags.find((counted) => counted.flag === flag) ?? null;
    },
    refetchInterval: 60_000,
  });

// Changes of a flag, or of its configuration in one environment, newest first; a page at a time.
export const flagAuditQuery = ({ org, project }: Place, flag: string, env?: string) => ({
  queryKey: orgKey(org, "projects", project, "flags", flag, { view: "history", env: env ?? null }),
  queryFn: async ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) => {
    const resource = `projects/${project}/flags/${flag}${env === undefined ? "" : `/environments/${env}`}`;
    const page = await body(
      api.GET("/api/v1/orgs/{org}/audit", {
        signal,
        params: { path: { org }, query: { resource, limit: 25, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    );
    const entries = page.items.map((link) =>
      "entry" in link ? (link as { entry: AuditEntry }).entry : (link as AuditEntry),
    );
    return { entries, next: page.next };
  },
  initialPageParam: "",
  getNextPageParam: (last: { next: string | null }) => last.next ?? undefined,
});
