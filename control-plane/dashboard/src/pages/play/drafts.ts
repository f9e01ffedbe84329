// The drafts of flags that the person has kept on this machine, put on what is saved now.
import { queryOptions } from "@tanstack/react-query";
import { exactConfigQuery, exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { orgKey, queries } from "../../api/query";
import { applyTo, type Draft, instructionsOf, isEmptyDraft, type Json, writeJson } from "../../model/index";
import { keptDrafts, readKept } from "../../parts/draft/store";

export interface FlagDraft {
  flag: string;
  config: string; // JSON
}

const configResource = /^projects\/([^/]+)\/flags\/([^/]+)\/environments\/([^/]+)$/;

async function readDraft(place: Place, person: string, resource: string): Promise<FlagDraft | undefined> {
  const [, , flag = "", env = ""] = configResource.exec(resource) ?? [];
  const kept = await readKept({ person, org: place.org, resource });
  if (kept?.kind !== "config" || isEmptyDraft(kept)) return undefined;
  const draft = kept as Draft<"config">;
  const [definition, present] = await Promise.all([
    queries.fetchQuery(exactFlagQuery(place, flag)),
    queries.fetchQuery(exactConfigQuery(place, flag, env)),
  ]);
  const options = { salt: definition.salt, variations: definition.variations.map(({ key }) => key) };
  const made = applyTo("config", present.config, instructionsOf(draft), options);
  return "value" in made ? { flag, config: writeJson(made.value as unknown as Json) } : undefined;
}

// By environment, those of the flags that are asked about. One that no longer applies is left out: the editor says why.
export const draftsQuery = (place: Place, person: string, flags: readonly string[]) =>
  queryOptions({
    queryKey: orgKey(place.org, { view: "kept_drafts", project: place.project, person, flags: flags.join(",") }),
    queryFn: async () => {
      const found = new Map<string, FlagDraft[]>();
      for (const resource of await keptDrafts(person, place.org)) {
        const [, project, flag = "", env = ""] = configResource.exec(resource) ?? [];
        if (project !== place.project || !flags.includes(flag)) continue;
        const draft = await readDraft(place, person, resource);
        if (draft) found.set(env, [...(found.get(env) ?? []), draft]);
      }
      return found;
    },
    staleTime: 0,
    enabled: person !== "" && flags.length > 0,
  });
