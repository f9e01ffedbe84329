// The audit log, newest first.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";

export type AuditEntry = components["schemas"]["AuditEntry"];

// The latest changes of an organisation, or of one of its projects. A key that every change concerns.
export const recentChangesQuery = (org: string, project?: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "recent", project: project ?? null }),
    queryFn: async ({ signal }) => {
      const page = await body(
        api.GET("/api/v1/orgs/{org}/audit", {
          signal,
          params: { path: { org }, query: { limit: 12, ...(project ? { project } : {}) } },
        }),
      );
      return page.items.map((link) => ("entry" in link ? (link as { entry: AuditEntry }).entry : (link as AuditEntry)));
    },
  });
