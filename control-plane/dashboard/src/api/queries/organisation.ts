// An organisation's own settings, and what it uses of its quotas.
import { queryOptions } from "@tanstack/react-query";
import { api, body, type Tagged, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { DryRun } from "./settings";

export type Org = components["schemas"]["Org"];
export type SignInSettings = components["schemas"]["SignInSettings"];
export type Retention = components["schemas"]["AuditSettings"]; // that of events looks the same
export type Usage = components["schemas"]["Usage"];

const orgPath = "/api/v1/orgs/{org}" as const;
const signInPath = "/api/v1/orgs/{org}/sign-in" as const;
const retentionPaths = {
  audit: "/api/v1/orgs/{org}/audit/settings",
  events: "/api/v1/orgs/{org}/event-settings",
} as const;
const changed = () => queries.invalidateQueries({ queryKey: ["me"] });

export const organisationQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "organisation" }),
    queryFn: ({ signal }) => tagged(api.GET(orgPath, { signal, params: { path: { org } } })),
  });

export async function saveOrganisation(org: string, changes: Partial<Org>, etag: string): Promise<Tagged<Org>> {
  const params = { path: { org }, header: { "If-Match": etag } };
  const saved = await tagged(api.PATCH(orgPath, { params, body: changes as never }));
  queries.setQueryData(organisationQuery(org).queryKey, saved as Tagged<Org>);
  await changed();
  return saved as Tagged<Org>;
}

export const tryDeleteOrganisation = (org: string) =>
  body(api.DELETE(orgPath, { params: { path: { org }, query: { dry_run: true } } })) as Promise<DryRun>;

export async function deleteOrganisation(org: string, etag: string): Promise<void> {
  const params = { path: { org }, query: { confirm: org }, header: { "If-Match": etag } };
  await body(api.DELETE(orgPath, { params }));
  await changed();
}

export const usageQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "usage"),
    queryFn: ({ signal }) => body(api.GET("/api/v1/orgs/{org}/usage", { signal, params: { path: { org } } })),
  });

export const signInQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "sign-in"),
    queryFn: ({ signal }) => tagged(api.GET(signInPath, { signal, params: { path: { org } } })),
  });

export async function saveSignIn(org: string, settings: SignInSettings, etag: string): Promise<Tagged<SignInSettings>> {
  const params = { path: { org }, header: { "If-Match": etag } };
  const saved = await tagged(api.PUT(signInPath, { params, body: { second_factor: settings.second_factor } }));
  queries.setQueryData(signInQuery(org).queryKey, saved);
  return saved;
}

export type Kept = keyof typeof retentionPaths;

export const retentionQuery = (org: string, of: Kept) =>
  queryOptions({
    queryKey: orgKey(org, `${of}-retention`),
    queryFn: ({ signal }) => tagged(api.GET(retentionPaths[of], { signal, params: { path: { org } } })),
  });

export async function saveRetention(org: string, of: Kept, days: number | null, etag: string) {
  const params = { path: { org }, header: { "If-Match": etag } };
  const saved = await tagged(api.PUT(retentionPaths[of], { params, body: { retention_days: days } }));
  queries.setQueryData(retentionQuery(org, of).queryKey, saved);
  return saved;
}
