// By whom members of an organisation sign in, besides their passwords.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, type Tagged, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";

export type IdentityProvider = components["schemas"]["IdentityProvider"];
export type NewIdentityProvider = components["schemas"]["IdentityProviderInput"];
export type IdentityProviderPatch = components["schemas"]["IdentityProviderPatch"];

const listPath = "/api/v1/orgs/{org}/identity-providers" as const;
const path = `${listPath}/{provider}` as const;
const changed = (org: string) => queries.invalidateQueries({ queryKey: orgKey(org, "identity-providers") });

export const identityProvidersQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "identity-providers"),
    queryFn: ({ signal }) =>
      all((cursor) => {
        const query = { limit: 50, ...(cursor === undefined ? {} : { cursor }) };
        return body(api.GET(listPath, { signal, params: { path: { org }, query } }));
      }),
  });

export const identityProviderQuery = (org: string, provider: string) =>
  queryOptions({
    queryKey: orgKey(org, "identity-providers", provider),
    queryFn: ({ signal }) => tagged(api.GET(path, { signal, params: { path: { org, provider } } })),
  });

export async function createIdentityProvider(org: string, provider: NewIdentityProvider, intention: string) {
  const params = { path: { org }, header: { "Idempotency-Key": intention } };
  const made = await body(api.POST(listPath, { params, body: provider }));
  await changed(org);
  return made as IdentityProvider;
}

export async function saveIdentityProvider(
  org: string,
  provider: string,
  changes: IdentityProviderPatch,
  etag: string,
): Promise<Tagged<IdentityProvider>> {
  const params = { path: { org, provider }, header: { "If-Match": etag } };
  const saved = (await tagged(api.PATCH(path, { params, body: changes }))) as Tagged<IdentityProvider>;
  queries.setQueryData(identityProviderQuery(org, provider).queryKey, saved);
  await changed(org);
  return saved;
}

export async function deleteIdentityProvider(org: string, provider: string): Promise<void> {
  await body(api.DELETE(path, { params: { path: { org, provider } } }));
  const list = orgKey(org, "identity-providers");
  await queries.invalidateQueries({ queryKey: list, exact: true }); // the page of it is still there
}
