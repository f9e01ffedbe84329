// Signing in and out by the cookie, and the sessions that there are.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { contactStore } from "../contact";
import { queries } from "../query";
import type { components } from "../schema";

export type Session = components["schemas"]["Session"];

export interface Credentials {
  email: string;
  password: string;
  code?: string;
}

export async function signIn(credentials: Credentials): Promise<void> {
  await body(api.POST("/api/v1/auth/session", { body: credentials }));
  contactStore.signedIn();
}

export interface Setup {
  token: string;
  password: string;
  code?: string;
}

export async function setUp(given: Setup): Promise<void> {
  await body(api.POST("/api/v1/auth/setup", { body: { ...given, session: true } }));
  contactStore.signedIn();
}

export async function signOut(): Promise<void> {
  await body(api.DELETE("/api/v1/auth/session"));
}

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) =>
    all((cursor) =>
      body(api.GET("/api/v1/auth/sessions", { signal, params: { query: cursor === undefined ? {} : { cursor } } })),
    ),
});

export async function endSession(session: string): Promise<void> {
  await body(api.DELETE("/api/v1/auth/sessions/{session}", { params: { path: { session } } }));
  await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
}
