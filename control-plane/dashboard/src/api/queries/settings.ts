// What is set for an environment, a project and an organisation, each with the version that a change is based on.
import { queryOptions } from "@tanstack/react-query";
import { api, body, type Tagged, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { Environment, Project } from "./projects";

export type Approvals = components["schemas"]["Approvals"];
export type DryRun = components["schemas"]["DryRun"];
export interface EnvPlace {
  org: string;
  project: string;
  env: string;
}

const environments = "/api/v1/orgs/{org}/projects/{project}/environments" as const;
const environmentPath = `${environments}/{env}` as const;
const approvalsPath = `${environmentPath}/approvals` as const;
const projectPath = "/api/v1/orgs/{org}/projects/{project}" as const;
const changed = (org: string, ...path: string[]) => queries.invalidateQueries({ queryKey: orgKey(org, ...path) });

export const environmentQuery = ({ org, project, env }: EnvPlace) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "environments", env, { view: "tagged" }),
    queryFn: ({ signal }) => tagged(api.GET(environmentPath, { signal, params: { path: { org, project, env } } })),
  });

export async function saveEnvironment(place: EnvPlace, changes: Partial<Environment>, etag: string) {
  const params = { path: place, header: { "If-Match": etag } };
  const saved = await tagged(api.PATCH(environmentPath, { params, body: changes as never }));
  await changed(place.org, "projects", place.project, "environments");
  return saved as Tagged<Environment>;
}

export async function createEnvironment(
  { org, project }: { org: string; project: string },
  environment: components["schemas"]["NewEnvironment"],
  intention: string,
): Promise<Environment> {
  const params = { path: { org, project }, header: { "Idempotency-Key": intention } };
  const made = await body(api.POST(environments, { params, body: environment }));
  await changed(org, "projects", project);
  await queries.invalidateQueries({ queryKey: ["me"] });
  return made as Environment;
}

// What would go with it; nothing is done.
export const tryDeleteEnvironment = (place: EnvPlace) =>
  body(api.DELETE(environmentPath, { params: { path: place, query: { dry_run: true } } })) as Promise<DryRun>;

export async function deleteEnvironment(place: EnvPlace, etag: string): Promise<void> {
  const query = { confirm: place.env };
  await body(api.DELETE(environmentPath, { params: { path: place, query, header: { "If-Match": etag } } }));
  await changed(place.org, "projects", place.project);
}

export const approvalsQuery = ({ org, project, env }: EnvPlace) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "environments", env, "approvals"),
    queryFn: ({ signal }) => tagged(api.GET(approvalsPath, { signal, params: { path: { org, project, env } } })),
  });

export async function saveApprovals(place: EnvPlace, approvals: Approvals, etag: string): Promise<Tagged<Approvals>> {
  const saved = await tagged(
    api.PUT(approvalsPath, { params: { path: place, header: { "If-Match": etag } }, body: approvals }),
  );
  await changed(place.org, "projects", place.project, "environments", place.env);
  return saved;
}

export const projectSettingsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, { view: "tagged" }),
    queryFn: ({ signal }) => tagged(api.GET(projectPath, { signal, params: { path: { org, project } } })),
  });

export async function saveProject(org: string, project: string, changes: Partial<Project>, etag: string) {
  const params = { path: { org, project }, header: { "If-Match": etag } };
  const saved = await tagged(api.PATCH(projectPath, { params, body: changes as never }));
  await changed(org, "projects");
  return saved as Tagged<Project>;
}

export const tryDeleteProject = (org: string, project: string) =>
  body(api.DELETE(projectPath, { params: { path: { org, project }, query: { dry_run: true } } })) as Promise<DryRun>;

export async function deleteProject(org: string, project: string, etag: string): Promise<void> {
  const params = { path: { org, project }, query: { confirm: project }, header: { "If-Match": etag } };
  await body(api.DELETE(projectPath, { params }));
  await changed(org, "projects");
}
