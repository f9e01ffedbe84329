// The audit log, newest first: its entries, their export, the state of the chain, and the inverse of an entry.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { apiUrl } from "../base";
import { api, body, tagged } from "../client";
import { problemOf } from "../errors";
import { invalidateChanged, orgKey } from "../query";
import type { components } from "../schema";

export type AuditEntry = components["schemas"]["AuditEntry"];
export type AuditVerification = components["schemas"]["AuditVerification"];
export type KeptChange = components["schemas"]["KeptChange"];

// What the list and its export are about. Times are RFC 3339.
export interface AuditFilter {
  resource?: string;
  actor?: string;
  action?: string;
  project?: string;
  env?: string;
  group?: string;
  text?: string;
  from?: string;
  to?: string;
}

const entryOf = (link: unknown): AuditEntry =>
  typeof link === "object" && link !== null && "entry" in link
    ? (link as { entry: AuditEntry }).entry
    : (link as AuditEntry);

const pageSize = 50;

// Changes do not make it stale by themselves: the page tells of them, and asks again when it follows them.
export const auditQuery = (org: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: orgKey(org, "audit", { view: "list", ...filter }),
    queryFn: async ({ signal, pageParam }) => {
      const page = await body(
        api.GET("/api/v1/orgs/{org}/audit", {
          signal,
          params: { path: { org }, query: { limit: pageSize, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      );
      return { entries: page.items.map(entryOf), next: page.next };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const auditEntryQuery = (org: string, entry: string) =>
  queryOptions({
    queryKey: orgKey(org, "audit", entry),
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/orgs/{org}/audit/{entry}", { signal, params: { path: { org, entry } } })).then(entryOf),
    staleTime: Number.POSITIVE_INFINITY, // entries do not change
  });

const mostLater = 50;

// What was done to a resource since a time, newest first.
export const laterEntriesQuery = (org: string, resource: string, from: string) =>
  queryOptions({
    queryKey: orgKey(org, ...resource.split("/"), { view: "later", from }),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/audit", {
          signal,
          params: { path: { org }, query: { resource, from, limit: mostLater } },
        }),
      ).then((page) => page.items.map(entryOf)),
  });

export const verificationQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "audit", "verification"),
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/orgs/{org}/audit/verification", { signal, params: { path: { org } } })),
  });

// The address of exactly what the filter selects; the cookie goes with it.
export function exportUrl(org: string, filter: AuditFilter, format: "ndjson" | "csv"): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  return apiUrl(`/orgs/${encodeURIComponent(org)}/audit/export?${query}`);
}

export async function auditExport(
  org: string,
  filter: AuditFilter,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(exportUrl(org, filter, "ndjson"));
  if (!answer.ok || answer.body === null) throw problemOf(answer, await answer.json().catch(() => undefined));
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    onBytes(length);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export interface RevertPreview {
  entry: string;
  resource: string;
  change: "restore" | "remove";
  patch?: { op: string; path: string; value?: unknown }[];
  result?: unknown;
  as_change?: KeptChange;
}

export const revertPreviewQuery = (org: string, entry: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "revert", entry }),
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/orgs/{org}/audit/{entry}/revert", {
          signal,
          params: { path: { org, entry }, query: { dry_run: true } },
          body: {} as never,
        }),
      ) as Promise<unknown> as Promise<RevertPreview>,
    staleTime: 0,
  });

export async function revertEntry(org: string, entry: AuditEntry, comment: string): Promise<void> {
  await tagged(
    api.POST("/api/v1/orgs/{org}/audit/{entry}/revert", {
      params: { path: { org, entry: entry.id }, query: comment ? { comment } : {} },
      body: {} as never,
    }),
  );
  await invalidateChanged(org, entry.resource);
}

const shown = 12;
// People come and go all day; that is no change.
const isSignIn = (entry: AuditEntry): boolean => entry.action.startsWith("session.");

// The latest changes of an organisation, or of one of its projects. A key that every change concerns.
export const recentChangesQuery = (org: string, project?: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "recent", project: project ?? null }),
    queryFn: async ({ signal }) => {
      const page = await body(
        api.GET("/api/v1/orgs/{org}/audit", {
          signal,
          params: { path: { org }, query: { limit: 50, ...(project ? { project } : {}) } },
        }),
      );
      const entries = page.items.map(entryOf);
      return entries.filter((entry) => !isSignIn(entry)).slice(0, shown);
    },
  });

// What has been changed of a segment, its members included; the latest 200.
export const segmentHistoryQuery = ({ org, project, segment }: { org: string; project: string; segment: string }) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "segments", segment, { view: "history" }),
    queryFn: async ({ signal }) => {
      const resource = `projects/${project}/segments/${segment}`;
      const page = await body(
        api.GET("/api/v1/orgs/{org}/audit", { signal, params: { path: { org }, query: { limit: 200, resource } } }),
      );
      return page.items.map((link) => link.entry);
    },
  });
