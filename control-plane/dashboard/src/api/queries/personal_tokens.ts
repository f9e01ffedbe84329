// Tokens of the person's own, for scripts.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { queries } from "../query";
import type { components } from "../schema";

export type PersonalToken = components["schemas"]["PersonalToken"];

export const personalTokensQuery = queryOptions({
  queryKey: ["personal-tokens"],
  queryFn: ({ signal }) =>
    all((cursor) =>
      body(api.GET("/api/v1/auth/tokens", { signal, params: { query: cursor === undefined ? {} : { cursor } } })),
    ),
});

export const refreshPersonalTokens = () => queries.invalidateQueries({ queryKey: personalTokensQuery.queryKey });

// The answer has the token itself, which is never shown again. It is not kept in the cache.
export async function createPersonalToken(token: components["schemas"]["NewPersonalToken"]): Promise<PersonalToken> {
  const made = await body(api.POST("/api/v1/auth/tokens", { body: token }));
  await refreshPersonalTokens();
  return made;
}

export async function rotatePersonalToken(token: string, overlap: number): Promise<PersonalToken> {
  const params = { path: { token } };
  const made = await body(
    api.POST("/api/v1/auth/tokens/{token}/rotate", { params, body: { overlap_seconds: overlap } }),
  );
  await refreshPersonalTokens();
  return made as PersonalToken;
}

export async function revokePersonalToken(token: string): Promise<void> {
  await body(api.DELETE("/api/v1/auth/tokens/{token}", { params: { path: { token } } }));
  await refreshPersonalTokens();
}
