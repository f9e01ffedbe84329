// Roles of an organisation, and who has others than there in projects and environments.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, type Tagged, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";

export type RoleDefinition = components["schemas"]["RoleDefinition"];
export type RoleAssignment = components["schemas"]["RoleAssignment"];
export type NewRole = components["schemas"]["NewRole"];

const rolesPath = "/api/v1/orgs/{org}/roles" as const;
const rolePath = `${rolesPath}/{role}` as const;
const page = (cursor?: string) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
const changed = (org: string) => queries.invalidateQueries({ queryKey: orgKey(org, "roles") });

export const rolesQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "roles"),
    queryFn: ({ signal }) =>
      all((cursor) => body(api.GET(rolesPath, { signal, params: { path: { org }, query: page(cursor) } }))),
  });

export const roleQuery = (org: string, role: string) =>
  queryOptions({
    queryKey: orgKey(org, "roles", role),
    queryFn: ({ signal }) => tagged(api.GET(rolePath, { signal, params: { path: { org, role } } })),
  });

export async function createRole(org: string, role: NewRole, intention: string): Promise<RoleDefinition> {
  const params = { path: { org }, header: { "Idempotency-Key": intention } };
  const made = await body(api.POST(rolesPath, { params, body: role }));
  await changed(org);
  return made as RoleDefinition;
}

// What is changed of it holds with the next request of everybody who has it.
export async function saveRole(org: string, role: string, changes: Partial<RoleDefinition>, etag: string) {
  const params = { path: { org, role }, header: { "If-Match": etag } };
  const saved = (await tagged(api.PATCH(rolePath, { params, body: changes as never }))) as Tagged<RoleDefinition>;
  queries.setQueryData(roleQuery(org, role).queryKey, saved);
  await changed(org);
  await queries.invalidateQueries({ queryKey: ["me"] });
  return saved;
}

export async function deleteRole(org: string, role: string): Promise<void> {
  await body(api.DELETE(rolePath, { params: { path: { org, role } } }));
  await queries.invalidateQueries({ queryKey: orgKey(org, "roles"), exact: true }); // the page of it is still there
}

// A project, or one of its environments.
export interface AssignmentPlace {
  org: string;
  project: string;
  env?: string;
}

const longest = "/api/v1/orgs/{org}/projects/{project}/environments/{env}/assignments";

// Both places have the same operations; those of the shorter path are typed as the longer.
function at<T extends string>({ env }: AssignmentPlace, rest: T): `${typeof longest}${T}` {
  const inside = env ? "/environments/{env}" : "";
  return `/api/v1/orgs/{org}/projects/{project}${inside}/assignments${rest}` as `${typeof longest}${T}`;
}
const names = ({ org, project, env = "" }: AssignmentPlace) => ({ org, project, env });
const assignmentsKey = ({ org, project, env }: AssignmentPlace) =>
  orgKey(org, "projects", project, ...(env ? ["environments", env] : []), "assignments");

export const assignmentsQuery = (place: AssignmentPlace) =>
  queryOptions({
    queryKey: assignmentsKey(place),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(api.GET(at(place, ""), { signal, params: { path: names(place), query: page(cursor) } })),
      ) as Promise<RoleAssignment[]>,
  });

export async function assignRole(place: AssignmentPlace, member: string, role: string): Promise<void> {
  await body(api.PUT(at(place, "/{member}"), { params: { path: { ...names(place), member } }, body: { role } }));
  await queries.invalidateQueries({ queryKey: assignmentsKey(place) });
}

export async function unassignRole(place: AssignmentPlace, member: string): Promise<void> {
  await body(api.DELETE(at(place, "/{member}"), { params: { path: { ...names(place), member } } }));
  await queries.invalidateQueries({ queryKey: assignmentsKey(place) });
}
