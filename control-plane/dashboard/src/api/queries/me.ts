// The person who is signed in: who they are, what they may do where, and their preferences.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { queries } from "../query";
import type { components } from "../schema";

export type Me = components["schemas"]["Me"];
export type Access = components["schemas"]["MyAccess"];
export type Permission = components["schemas"]["Scope"];

export interface Preferences {
  theme?: "light" | "dark" | "system";
  contrast?: "normal" | "more";
  density?: "normal" | "compact";
  motion?: "normal" | "none";
  letterKeys?: boolean;
  timeZone?: string;
  landing?: string;
  pins?: string[];
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/auth/me", { signal })),
});

export const preferencesOf = (me: Me | undefined): Preferences => (me?.preferences ?? {}) as Preferences;

export async function savePreferences(changes: Preferences): Promise<void> {
  const me = await queries.ensureQueryData(meQuery);
  const next = { ...preferencesOf(me), ...changes };
  queries.setQueryData(meQuery.queryKey, { ...me, preferences: next as never });
  await body(api.PUT("/api/v1/auth/me/preferences", { body: next as never }));
}
