// The audit log, newest first.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";

export type AuditEntry = components["schemas"]["AuditEntry"];

const shown = 12;
// People come and go all day; that is no change.
const isSignIn = (entry: AuditEntry): boolean => entry.action.startsWith("session.");

// The latest changes of an organisation, or of one of its projects. A key that every change concerns.
export const recentChangesQuery = (org: string, project?: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "recent", project: project ?? null }),
    queryFn: async ({ signal }) => {
      const page = await body(
        api.GET("/api/v1/orgs/{org}/audit", {
          signal,
          params: { path: { org }, query: { limit: 50, ...(project ? { project } : {}) } },
        }),
      );
      const entries = page.items.map((link) => link.entry);
      return entries.filter((entry) => !isSignIn(entry)).slice(0, shown);
    },
  });

// What has been changed of a segment, its members included; the latest 200.
export const segmentHistoryQuery = ({ org, project, segment }: { org: string; project: string; segment: string }) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "segments", segment, { view: "history" }),
    queryFn: async ({ signal }) => {
      const resource = `projects/${project}/segments/${segment}`;
      const page = await body(
        api.GET("/api/v1/orgs/{org}/audit", { signal, params: { path: { org }, query: { limit: 200, resource } } }),
      );
      return page.items.map((link) => link.entry);
    },
  });
