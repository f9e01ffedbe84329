// A rule that becomes part of the draft of another configuration: it is reviewed and published there.
import { exactConfigQuery, exactFlagQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { queries } from "../../api/query";
import { isSplit, newDraft, type Rule, reduceDraft, resultOf } from "../../model/index";
import { keepDraft, readKept } from "../../parts/draft/store";
import type { ConfigDraft } from "../../parts/draft/use_config_draft";
import { addRule, newRuleId, serveInputOf } from "./edits";

export interface Target {
  flag: string;
  env: string;
}

export type Copied = { missing: string[] } | { refusal: string } | { rule: string };

const variationsOf = ({ serve }: Rule): string[] =>
  isSplit(serve)
    ? [...new Set([...serve.split.ranges.map(([, , name]) => name), serve.split.otherwise ?? "next"])].filter(
        (name) => name !== "next",
      )
    : [serve.variation];

// `missing`: variations that the other flag does not have.
export async function copyRule(person: string, place: Place, { flag, env }: Target, rule: Rule): Promise<Copied> {
  const [present, definition] = await Promise.all([
    queries.fetchQuery(exactConfigQuery(place, flag, env)),
    queries.fetchQuery(exactFlagQuery(place, flag)),
  ]);
  const keys = definition.variations.map(({ key }) => key);
  const missing = variationsOf(rule).filter((key) => !keys.includes(key));
  if (missing.length > 0) return { missing };
  const resource = `projects/${place.project}/flags/${flag}/environments/${env}`;
  const kept = await readKept({ person, org: place.org, resource });
  const options = { salt: definition.salt, variations: keys };
  const draft =
    kept?.kind === "config" ? (kept as ConfigDraft) : newDraft("config", resource, present.version, present.config);
  const made = resultOf(draft, options);
  const rules = [...present.config.rules, ...("value" in made ? made.value.rules : [])].map(({ id }) => id);
  const id = rules.includes(rule.id) ? newRuleId(rules) : rule.id;
  const next = reduceDraft(draft, { type: "do", step: addRule(id, rule.when, serveInputOf(rule.serve)) });
  const result = resultOf(next, options);
  if ("refusal" in result) return { refusal: result.refusal.detail };
  await keepDraft({ person, org: place.org, resource }, next);
  return { rule: id };
}
