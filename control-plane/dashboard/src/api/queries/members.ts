// Who belongs to an organisation, with which role, and who is invited.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";

export type Member = components["schemas"]["Member"];
export type Invitation = components["schemas"]["Invitation"];
export type OpenInvitation = components["schemas"]["OpenInvitation"];

const page = (cursor?: string) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });

export const membersQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "members"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(api.GET("/api/v1/orgs/{org}/members", { signal, params: { path: { org }, query: page(cursor) } })),
      ),
  });

export const invitationsQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "invitations"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(api.GET("/api/v1/orgs/{org}/invitations", { signal, params: { path: { org }, query: page(cursor) } })),
      ),
  });

const changed = async (org: string) => {
  await queries.invalidateQueries({ queryKey: orgKey(org, "members") });
  await queries.invalidateQueries({ queryKey: orgKey(org, "invitations") });
};

// The answer has the token of the link, which is never shown again.
export async function invite(org: string, member: components["schemas"]["NewMember"], intention: string) {
  const params = { path: { org }, header: { "Idempotency-Key": intention } };
  const made = await body(api.POST("/api/v1/orgs/{org}/members", { params, body: member }));
  await changed(org);
  return made as Invitation;
}

export async function withdrawInvitation(org: string, invitation: string): Promise<void> {
  await body(api.DELETE("/api/v1/orgs/{org}/invitations/{invitation}", { params: { path: { org, invitation } } }));
  await changed(org);
}

export async function setRole(org: string, member: string, role: string): Promise<void> {
  await body(api.PATCH("/api/v1/orgs/{org}/members/{member}", { params: { path: { org, member } }, body: { role } }));
  await changed(org);
}

export async function removeMember(org: string, member: string): Promise<void> {
  await body(api.DELETE("/api/v1/orgs/{org}/members/{member}", { params: { path: { org, member } } }));
  await changed(org);
}
