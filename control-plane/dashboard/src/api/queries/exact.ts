// Flags, configurations and rulesets as their texts: the numbers in them keep their spelling, so that what is edited is what is there.
import { queryOptions } from "@tanstack/react-query";
import { type FlagConfig, type FlagDefinition, type Json, parseJson, writeJson } from "../../model/index";
import { api } from "../client";
import { problemOf } from "../errors";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type Warning = components["schemas"]["Warnings"][number];
export type DryRun = components["schemas"]["DryRun"];

export interface ExactConfig {
  config: FlagConfig;
  version: number;
  updatedAt: string;
  warnings: readonly Warning[];
}

interface TextAnswer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

// The text of an answer. Throws ProblemError, OfflineError.
export async function textOf(call: Promise<TextAnswer>): Promise<string> {
  const { data, error, response } = await call;
  if (response.ok) return data as string;
  let problem: unknown = error;
  if (typeof error === "string") {
    try {
      problem = JSON.parse(error);
    } catch {
      problem = undefined;
    }
  }
  throw problemOf(response, problem);
}

type Stored = FlagConfig & { version: number; updated_at: string; warnings?: readonly Warning[] };

export function readConfig(text: string): ExactConfig {
  const { enabled, off, prerequisites, targets, rules, fallthrough, ...rest } = parseJson(text) as unknown as Stored;
  const config = { enabled, off, prerequisites, targets, rules, fallthrough };
  return { config, version: rest.version, updatedAt: rest.updated_at, warnings: rest.warnings ?? [] };
}

const configPath = "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}" as const;

export const exactConfigQuery = ({ org, project }: Place, flag: string, env: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flags", flag, "environments", env, { form: "exact" }),
    queryFn: async ({ signal }) =>
      readConfig(
        await textOf(api.GET(configPath, { signal, parseAs: "text", params: { path: { org, project, flag, env } } })),
      ),
  });

export const readFlag = (text: string) => parseJson(text) as unknown as FlagDefinition & { version: number };

export const exactFlagQuery = ({ org, project }: Place, flag: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "flags", flag, { form: "exact" }),
    queryFn: async ({ signal }) =>
      readFlag(
        await textOf(
          api.GET("/api/v1/orgs/{org}/projects/{project}/flags/{flag}", {
            signal,
            parseAs: "text",
            params: { path: { org, project, flag } },
          }),
        ),
      ),
  });

// What the evaluation of these flags needs, as text for the evaluator. `version`: a past one.
export const rulesetQuery = ({ org, project }: Place, env: string, flags: readonly string[], version?: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, {
      view: "ruleset",
      env,
      flags: flags.join(","),
      version: version ?? "",
    }),
    queryFn: ({ signal }) =>
      textOf(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/ruleset", {
          signal,
          parseAs: "text",
          headers: { Accept: "application/json" },
          params: {
            path: { org, project, env },
            query: {
              form: "plain",
              ...(flags.length > 0 ? { flags: flags.join(",") } : {}),
              ...(version ? { version } : {}),
            },
          },
        }),
      ),
    ...(version ? { staleTime: Number.POSITIVE_INFINITY } : {}),
  });

export interface Patch {
  place: Place;
  flag: string;
  env: string;
  body: string; // as model/draft writes it
  version: number;
}

// A PATCH with instructions, as the text that model/draft has written.
export const instructionOptions = (path: object, body: string, version: number, key: string) => ({
  params: { path, header: { "If-Match": `"${version}"`, ...(key ? { "Idempotency-Key": key } : {}) } },
  headers: { "Content-Type": "application/vnd.fanion.instructions+json" },
  parseAs: "text" as const,
  body: body as never,
  bodySerializer: (text: unknown) => text as string,
});

const patchOptions = ({ place, flag, env, body, version }: Patch, key: string) =>
  instructionOptions({ ...place, flag, env }, body, version, key);

// Publishes instructions; the same key twice is one change.
export async function publishConfig(patch: Patch, key: string): Promise<ExactConfig> {
  return readConfig(await textOf(api.PATCH(configPath, patchOptions(patch, key) as never)));
}

export async function previewConfig(patch: Patch): Promise<DryRun> {
  const options = patchOptions(patch, "");
  const params = { ...options.params, query: { dry_run: true } };
  return JSON.parse(await textOf(api.PATCH(configPath, { ...options, params } as never))) as DryRun;
}

// The same change as something to be made later: of a schedule or a request.
const keptChange = ({ place, flag, env }: Patch, body: Json, comment: string): Json => ({
  method: "PATCH",
  path: `projects/${place.project}/flags/${flag}/environments/${env}`,
  type: "application/vnd.fanion.instructions+json",
  body,
  comment,
});

interface Later {
  patch: Patch;
  comment: string;
  key: string;
}

const later = (path: Place & { env: string }, key: string, body: Json) => ({
  params: { path, header: { "Idempotency-Key": key } },
  parseAs: "text" as const,
  body: body as never,
  bodySerializer: (value: unknown) => writeJson(value as Json),
});

export async function scheduleConfig({ patch, comment, key }: Later, at: string): Promise<void> {
  const { instructions } = parseJson(patch.body) as { instructions: Json };
  const change = keptChange(patch, { instructions }, comment);
  await textOf(
    api.POST(
      "/api/v1/orgs/{org}/projects/{project}/environments/{env}/schedules",
      later({ ...patch.place, env: patch.env }, key, { at, change }) as never,
    ),
  );
}

export async function requestConfig({ patch, comment, key }: Later, title: string): Promise<string> {
  const { instructions } = parseJson(patch.body) as { instructions: Json };
  const changes = [keptChange(patch, { instructions }, comment)];
  const made = await textOf(
    api.POST(
      "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests",
      later({ ...patch.place, env: patch.env }, key, { title, changes }) as never,
    ),
  );
  return (JSON.parse(made) as { id: string }).id;
}
