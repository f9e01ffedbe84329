// Contexts that people have saved in a project, by name.
import { queryOptions } from "@tanstack/react-query";
import { isObject, type Json, parseJson, writeJson } from "../../model/index";
import { all, api, body } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type SavedContext = components["schemas"]["SavedContext"];

const keyOf = ({ org, project }: Place, ...form: { form: string }[]) =>
  orgKey(org, "projects", project, "contexts", ...form);

const listed = ({ org, project }: Place, signal: AbortSignal) =>
  all((cursor) =>
    body(
      api.GET("/api/v1/orgs/{org}/projects/{project}/contexts", {
        signal,
        params: { path: { org, project }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  );

export const savedContextsQuery = (place: Place) =>
  queryOptions({ queryKey: keyOf(place), queryFn: ({ signal }) => listed(place, signal) });

// The context itself, as JSON in a line; its numbers keep their spelling.
export async function readSavedContext({ org, project }: Place, context: string): Promise<string> {
  const text = await body(
    api.GET("/api/v1/orgs/{org}/projects/{project}/contexts/{context}", {
      parseAs: "text",
      params: { path: { org, project, context } },
    }),
  );
  const saved = parseJson(text);
  return writeJson((isObject(saved) ? saved.context : undefined) ?? {});
}

export interface TestContext {
  id: string;
  name: string;
  text: string;
}

const mostTested = 40; // each is read on its own

// The first of them with what is in them: a change is tried with these before it is published.
export const testContextsQuery = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place, { form: "exact" }),
    queryFn: async ({ signal }): Promise<{ contexts: TestContext[]; of: number }> => {
      const all_saved = await listed(place, signal);
      const read = async ({ id, name }: SavedContext) => ({ id, name, text: await readSavedContext(place, id) });
      return { contexts: await Promise.all(all_saved.slice(0, mostTested).map(read)), of: all_saved.length };
    },
  });

export interface ContextToSave {
  name: string;
  text: string; // the context as JSON
  shared?: boolean; // with everybody in the project
}

// `key`: the same for each attempt.
export async function saveContext({ org, project }: Place, { name, text, shared = false }: ContextToSave, key: string) {
  await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/contexts", {
      params: { path: { org, project }, header: { "Idempotency-Key": key } },
      body: { name, context: parseJson(text), shared } as never,
      bodySerializer: (value: unknown) => writeJson(value as Json),
    }),
  );
  await queries.invalidateQueries({ queryKey: keyOf({ org, project }) });
}

export async function deleteContext({ org, project }: Place, context: string): Promise<void> {
  await body(
    api.DELETE("/api/v1/orgs/{org}/projects/{project}/contexts/{context}", {
      params: { path: { org, project, context } },
    }),
  );
  await queries.invalidateQueries({ queryKey: keyOf({ org, project }) });
}
