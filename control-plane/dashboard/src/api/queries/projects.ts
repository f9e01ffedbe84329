// Organisations' projects and their environments.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, newIdempotencyKey } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";

export type Project = components["schemas"]["Project"];
export type Environment = components["schemas"]["Environment"];

const page = (cursor?: string) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });

export const projectsQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(api.GET("/api/v1/orgs/{org}/projects", { signal, params: { path: { org }, query: page(cursor) } })),
      ),
  });

export const projectQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project),
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/orgs/{org}/projects/{project}", { signal, params: { path: { org, project } } })),
  });

export const environmentsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "environments"),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments", { signal, params: { path: { org, project } } }),
      ).then((answer) => answer.items),
  });

export function createProject(org: string, project: components["schemas"]["NewProject"]): Promise<Project> {
  return body(
    api.POST("/api/v1/orgs/{org}/projects", {
      params: { path: { org }, header: { "Idempotency-Key": newIdempotencyKey() } },
      body: project,
    }),
  );
}
