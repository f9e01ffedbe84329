// Configurations that are not published: one's own drafts, which this machine keeps, and what open change requests come to. Each is
// put on what is saved now.
import { queryOptions } from "@tanstack/react-query";
import type { KeptChange } from "../../api/queries/audit";
import { exactConfigQuery, exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { requestsQuery } from "../../api/queries/requests";
import { orgKey, queries } from "../../api/query";
import {
  applyTo,
  type ConfigInstruction,
  type Draft,
  instructionsOf,
  isEmptyDraft,
  type Json,
  parseJson,
  writeJson,
} from "../../model/index";
import { keptDrafts, readKept } from "../../parts/draft/store";
import { evaluator } from "../../parts/workbench";

export interface FlagDraft {
  flag: string;
  config: string; // JSON
}

export interface Requested {
  id: string;
  title: string;
  env: string;
  drafts: readonly FlagDraft[];
}

interface Instructed {
  flag: string;
  instructions: readonly ConfigInstruction[];
}

const configResource = /^projects\/([^/]+)\/flags\/([^/]+)\/environments\/([^/]+)$/;
const isThere = <T>(value: T | undefined): value is T => value !== undefined;

// Conditions as trees; of what has been sent by the API some may be text. One with a mistake stays, and is refused.
async function withTree(instruction: ConfigInstruction): Promise<ConfigInstruction> {
  if (!("when" in instruction) || typeof instruction.when !== "string") return instruction;
  const parsed = await evaluator().parseRule(instruction.when);
  return parsed.mistake ? instruction : ({ ...instruction, when: parseJson(parsed.when) } as ConfigInstruction);
}

// Nothing where they no longer apply: the editor, or the request, says why.
async function draftOf(place: Place, env: string, given: Instructed): Promise<FlagDraft | undefined> {
  const { flag } = given;
  const [definition, present, instructions] = await Promise.all([
    queries.fetchQuery(exactFlagQuery(place, flag)),
    queries.fetchQuery(exactConfigQuery(place, flag, env)),
    Promise.all(given.instructions.map(withTree)),
  ]);
  const options = { salt: definition.salt, variations: definition.variations.map(({ key }) => key) };
  const made = applyTo("config", present.config, instructions, options);
  return "value" in made ? { flag, config: writeJson(made.value as unknown as Json) } : undefined;
}

// One's own drafts of the flags that are asked about, by environment.
export const draftsQuery = (place: Place, person: string, flags: readonly string[]) =>
  queryOptions({
    queryKey: orgKey(place.org, { view: "kept_drafts", project: place.project, person, flags: flags.join(",") }),
    queryFn: async () => {
      const found = new Map<string, FlagDraft[]>();
      for (const resource of await keptDrafts(person, place.org)) {
        const [, project, flag = "", env = ""] = configResource.exec(resource) ?? [];
        if (project !== place.project || !flags.includes(flag)) continue;
        const kept = await readKept({ person, org: place.org, resource });
        if (kept?.kind !== "config" || isEmptyDraft(kept)) continue;
        const draft = await draftOf(place, env, { flag, instructions: instructionsOf(kept as Draft<"config">) });
        if (draft) found.set(env, [...(found.get(env) ?? []), draft]);
      }
      return found;
    },
    staleTime: 0,
    enabled: person !== "" && flags.length > 0,
  });

// What changes do to configurations in an environment, as far as they are instructions, which those of the dashboard are.
export function instructedBy(changes: readonly KeptChange[], project: string, env: string): Instructed[] {
  const byFlag = new Map<string, ConfigInstruction[]>();
  for (const { path, type, body } of changes) {
    const [, in_project, flag = "", in_env] = configResource.exec(path) ?? [];
    if (in_project !== project || in_env !== env || type !== "application/vnd.fanion.instructions+json") continue;
    const { instructions } = body as { instructions: readonly ConfigInstruction[] };
    byFlag.set(flag, [...(byFlag.get(flag) ?? []), ...instructions]);
  }
  return [...byFlag].map(([flag, instructions]) => ({ flag, instructions }));
}

// Open requests that change one of the flags.
export const requestedQuery = (place: Place, flags: readonly string[]) =>
  queryOptions({
    queryKey: orgKey(place.org, { view: "requested", project: place.project, flags: flags.join(",") }),
    queryFn: async () => {
      const open = await queries.fetchQuery(requestsQuery(place.org, "open"));
      const made = open
        .filter(({ project }) => project === place.project)
        .map(async ({ environment: env, request: { id, title, changes } }): Promise<Requested> => {
          const wanted = instructedBy(changes, place.project, env).filter(({ flag }) => flags.includes(flag));
          const drafts = await Promise.all(wanted.map((one) => draftOf(place, env, one)));
          return { id, title, env, drafts: drafts.filter(isThere) };
        });
      return (await Promise.all(made)).filter(({ drafts }) => drafts.length > 0);
    },
    staleTime: 0,
    enabled: flags.length > 0,
  });
