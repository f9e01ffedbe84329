// The cache of what the server said. A query's key is the path of its resource in the audit log, so that a change makes exactly
// those stale that show the resource, a list with it, or something below it.
import { QueryClient } from "@tanstack/react-query";
import { isConcerned, pollEvery, type QueryKey } from "../model/index";
import { contactStore } from "./contact";
import { OfflineError, ProblemError } from "./errors";

export const orgKey = (org: string, ...path: QueryKey): QueryKey => ["orgs", org, ...path];

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

export function invalidateChanged(org: string, path: string): Promise<void> {
  return queries.invalidateQueries({ predicate: (query) => isConcerned(query.queryKey as QueryKey, org, path) });
}

// What could not be asked while nothing answered is asked when something answers again; at most every 15 s, for where one request of
// two is answered there would be no end of it.
let isLost = false;
let lastRead = 0;
contactStore.subscribe(() => {
  const was = isLost;
  isLost = contactStore.get().lostAt !== null;
  if (!was || isLost) return;
  const wait = Math.max(0, lastRead + pollEvery - Date.now());
  lastRead = Date.now() + wait;
  setTimeout(() => void queries.invalidateQueries(), wait);
});
