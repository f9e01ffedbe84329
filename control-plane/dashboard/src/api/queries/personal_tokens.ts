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

export async function createPersonalToken(token: components["schemas"]["NewPersonalToken"]): Promise<PersonalToken> {
  const made = await body(api.POST("/api/v1/auth/tokens", { body: token }));
  await queries.invalidateQueries({ queryKey: personalTokensQuery.queryKey });
  return made;
}

export async function revokePersonalToken(token: string): Promise<void> {
  await body(api.DELETE("/api/v1/auth/tokens/{token}", { params: { path: { token } } }));
  await queries.invalidateQueries({ queryKey: personalTokensQuery.queryKey });
}
