// Requests to the admin API, typed by its OpenAPI document. The cookie is the browser's affair; no credential is seen here.
import createClient, { type Middleware } from "openapi-fetch";
import { publicUrl } from "./base";
import { contactStore } from "./contact";
import { OfflineError, problemOf } from "./errors";
import type { paths } from "./schema";

const watch: Middleware = {
  onResponse({ response, schemaPath }) {
    // What stands between (a proxy whose upstream is gone) answers without a problem document.
    const is_gone = response.status >= 502 && response.status <= 504;
    const is_ours = response.headers.get("Content-Type")?.includes("json") ?? false;
    if (is_gone && !is_ours) {
      contactStore.lost();
      throw new OfflineError(`answered with ${response.status}`);
    }
    contactStore.answered();
    if (response.status === 401 && !schemaPath.startsWith("/api/v1/auth/session")) contactStore.signedOut();
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    contactStore.lost();
    return new OfflineError(error instanceof Error ? error.message : "no answer");
  },
};

export const api = createClient<paths>({ baseUrl: publicUrl.href.replace(/\/$/, "") });
api.use(watch);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export interface Tagged<T> {
  value: T;
  etag: string;
}

// The body of an answer. Throws ProblemError, OfflineError.
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}

// The same with the version that a change of it names in If-Match.
export async function tagged<T>(call: Promise<Answer<T>>): Promise<Tagged<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return { value: data as T, etag: response.headers.get("ETag") ?? "" };
}

// All pages of a list.
export async function all<T>(page: (cursor?: string) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    items.push(...answer.items);
    cursor = answer.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

// One for each intention of a person, not for each attempt: the same click twice is one change.
export const newIdempotencyKey = (): string => crypto.randomUUID();
