// Versions of an environment: who published what.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type PastVersion = components["schemas"]["PastVersion"];

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
