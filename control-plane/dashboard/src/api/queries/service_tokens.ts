// Service accounts of an organisation, and their tokens.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";

export type ServiceToken = components["schemas"]["ServiceToken"];

export const serviceTokensQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "tokens"),
    queryFn: ({ signal }) =>
      all((cursor) => {
        const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
        return body(api.GET("/api/v1/orgs/{org}/tokens", { signal, params: { path: { org }, query } }));
      }),
  });

const changed = (org: string) => queries.invalidateQueries({ queryKey: orgKey(org, "tokens") });

export async function createServiceToken(
  org: string,
  token: components["schemas"]["NewServiceToken"],
  intention: string,
): Promise<ServiceToken> {
  const header = { "Idempotency-Key": intention };
  const made = await body(api.POST("/api/v1/orgs/{org}/tokens", { params: { path: { org }, header }, body: token }));
  await changed(org);
  return made as ServiceToken;
}

export async function rotateServiceToken(org: string, token: string, overlap: number, intention: string) {
  const params = { path: { org, token }, header: { "Idempotency-Key": intention } };
  const made = await body(
    api.POST("/api/v1/orgs/{org}/tokens/{token}/rotate", { params, body: { overlap_seconds: overlap } }),
  );
  await changed(org);
  return made as ServiceToken;
}

export async function revokeServiceToken(org: string, token: string): Promise<void> {
  await body(api.DELETE("/api/v1/orgs/{org}/tokens/{token}", { params: { path: { org, token } } }));
  await changed(org);
}
