// When a flag was last evaluated, and in what.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { Place } from "./flags";

export const evaluationsQuery = ({ org, project }: Place, flag: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flags", flag, "evaluations"),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/flags/{flag}/evaluations", {
          signal,
          params: { path: { org, project, flag } },
        }),
      ),
  });
