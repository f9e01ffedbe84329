// All live flags of a project in brief, as one document that is kept and asked for again only when it has changed.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";

export type FlagIndex = components["schemas"]["FlagIndex"];
export type FlagEntry = components["schemas"]["FlagIndexEntry"];
export type FlagConfigEntry = FlagEntry["environments"][string];

// The browser keeps the document with its ETag and revalidates it, so a 304 costs no parsing of ours.
export const flagIndexQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flag-index"),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/flag-index", {
          signal,
          cache: "no-cache",
          params: { path: { org, project } },
        }),
      ),
    staleTime: 5 * 60_000,
  });
