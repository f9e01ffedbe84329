// The cache of what the server said. A query's key is the path of its resource in the audit log, so that a change makes exactly
// those stale that show the resource, a list with it, or something below it.
import { QueryClient } from "@tanstack/react-query";
import { OfflineError, ProblemError } from "./errors";

export type Key = readonly (string | number | Record<string, unknown>)[];

export const orgKey = (org: string, ...path: Key): Key => ["orgs", org, ...path];

export function retries(count: number, error: Error): boolean {
  if (error instanceof OfflineError) return count < 2;
  return error instanceof ProblemError && error.status === 503 && count < 2;
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 30 * 60_000,
      retry: retries,
      networkMode: "always",
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

// What is computed from other resources: its collection, and those of which a change concerns it, below the same project.
const derived: Record<string, readonly string[]> = {
  "flag-index": ["flags", "environments", "bulk"],
  cleanup: ["flags", "environments"],
  uses: ["flags", "segments", "bulk"],
  propagation: ["flags", "segments", "environments", "bulk"],
};

// Whether a change of the resource at `path` of `org` concerns the query `key`.
export function isConcerned(key: Key, org: string, path: string): boolean {
  if (key[0] !== "orgs" || (key.length > 1 && key[1] !== org)) return false;
  const changed = path === "" ? [] : path.split("/");
  const shown = key.slice(2).filter((part) => typeof part === "string");
  const common = Math.min(changed.length, shown.length);
  const differs = shown.slice(0, common).findIndex((part, i) => part !== changed[i]);
  if (differs === -1) return true;
  const others = differs === 2 && changed[0] === "projects" ? derived[shown[2] as string] : undefined;
  return others?.includes(changed[2] as string) ?? false;
}

export function invalidateChanged(org: string, path: string): Promise<void> {
  return queries.invalidateQueries({ predicate: (query) => isConcerned(query.queryKey as Key, org, path) });
}
