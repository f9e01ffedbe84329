// All live flags of a project in brief, as one document that is kept and asked for again only when it has changed.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";

export type FlagIndex = components["schemas"]["FlagIndex"];
export type FlagEntry = components["schemas"]["FlagIndexEntry"];
export type FlagConfigEntry = FlagEntry["environments"][string];

// The answers of the API are not for the browser's cache, so the last one is kept here with its ETag.
const held = new Map<string, { etag: string; index: FlagIndex }>();

async function readIndex(org: string, project: string, signal: AbortSignal): Promise<FlagIndex> {
  const key = `${org}/${project}`;
  const last = held.get(key);
  const call = await api.GET("/api/v1/orgs/{org}/projects/{project}/flag-index", {
    signal,
    params: { path: { org, project } },
    headers: last ? { "If-None-Match": last.etag } : {},
  });
  if (call.response.status === 304 && last) return last.index;
  const index = await body(Promise.resolve(call));
  const etag = call.response.headers.get("ETag");
  if (etag) held.set(key, { etag, index });
  return index;
}

export const flagIndexQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flag-index"),
    queryFn: ({ signal }) => readIndex(org, project, signal),
    staleTime: 5 * 60_000,
  });

// With the session, what was read in it.
export const forgetIndexes = (): void => held.clear();
