// Groups of people that a directory or single sign-on tells of, and the roles that they give.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, type Tagged, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";

export type Group = components["schemas"]["Groups"]["items"][number];
export type GroupRule = components["schemas"]["GroupRule"];
export type GroupRoles = components["schemas"]["GroupRoles"];

const groupsPath = "/api/v1/orgs/{org}/groups" as const;
const rolesPath = "/api/v1/orgs/{org}/group-roles" as const;

export const groupsQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "groups"),
    queryFn: ({ signal }) =>
      all((cursor) => {
        const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
        return body(api.GET(groupsPath, { signal, params: { path: { org }, query } }));
      }),
  });

export const groupRolesQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "group-roles"),
    queryFn: ({ signal }) => tagged(api.GET(rolesPath, { signal, params: { path: { org } } })),
  });

// Everybody whose groups are known has the roles of the new rules at once.
export async function saveGroupRoles(org: string, roles: GroupRoles, etag: string): Promise<Tagged<GroupRoles>> {
  const params = { path: { org }, header: { "If-Match": etag } };
  const { rules, default_role } = roles;
  const saved = await tagged(api.PUT(rolesPath, { params, body: { rules, default_role } }));
  queries.setQueryData(groupRolesQuery(org).queryKey, saved);
  await queries.invalidateQueries({ queryKey: orgKey(org, "members") });
  return saved;
}
