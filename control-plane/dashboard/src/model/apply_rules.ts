// The instructions about rules, as control-plane/flags/rule_instructions.cpp. Throws Refused.

import { isObject, type Json, type JsonObject, memberOf } from "./json";
import { Refused } from "./refusal";

/** A rule while instructions are applied: `when` and `serve` as they were given. */
export type WorkingRule = { readonly id?: string; readonly when: Json; readonly serve: Json };
/** What the instructions of a configuration have made so far. */
export type Working = {
  readonly rules: readonly WorkingRule[];
  readonly fallthrough: Json;
  /** The place in the request that a part comes from. */
  readonly origins: ReadonlyMap<Json, string>;
};

type Apply = (working: Working, instruction: JsonObject, place: string) => Working;

function findRule(rules: readonly WorkingRule[], instruction: JsonObject, member: string, place: string): number {
  const id = memberOf(instruction, member);
  const index = rules.findIndex((rule) => rule.id === id);
  if (index < 0)
    throw new Refused(`${place}/${member}`, "unknown_rule", `there is no rule \`${id}\` in this environment`);
  return index;
}

// Where a rule is to stand among the present ones; the end if nothing is given.
function positionOf(rules: readonly WorkingRule[], instruction: JsonObject, place: string): number {
  const given = ["before", "after", "at"].filter((name) => memberOf(instruction, name) !== undefined);
  if (given.length > 1) throw new Refused(place, "malformed", "give one of `before`, `after` and `at`");
  if (given[0] === "before") return findRule(rules, instruction, "before", place);
  if (given[0] === "after") return findRule(rules, instruction, "after", place) + 1;
  if (given[0] === undefined) return rules.length;
  const at = Number(memberOf(instruction, "at"));
  if (at < 0 || at > rules.length)
    throw new Refused(`${place}/at`, "out_of_range", `must be an integer from 0 to ${rules.length}`);
  return at;
}

function noted(working: Working, parts: readonly [Json | undefined, string][]): Map<Json, string> {
  const origins = new Map(working.origins);
  for (const [part, place] of parts) if (part !== undefined) origins.set(part, place);
  return origins;
}

const addRule: Apply = (working, instruction, place) => {
  const { rules } = working;
  const { id, when = null, serve = null } = instruction;
  if (typeof id === "string" && id !== "" && rules.some((rule) => rule.id === id))
    throw new Refused(`${place}/id`, "already_there", `there is a rule \`${id}\` in this environment`);
  const at = positionOf(rules, instruction, place);
  const rule = typeof id === "string" ? { id, when, serve } : { when, serve };
  const origins = noted(working, [
    [rule, place],
    [when, `${place}/when`],
    [serve, `${place}/serve`],
  ]);
  return { ...working, rules: rules.toSpliced(at, 0, rule), origins };
};

function withRule(working: Working, index: number, rule: WorkingRule): Working {
  const held = working.rules[index];
  const origin = held && working.origins.get(held);
  const origins = origin === undefined ? working.origins : new Map(working.origins).set(rule, origin);
  return { ...working, rules: working.rules.with(index, rule), origins };
}

const replaceRule: Apply = (working, instruction, place) => {
  const { when, serve } = instruction;
  const index = findRule(working.rules, instruction, "rule", place);
  if (when === undefined && serve === undefined) throw new Refused(place, "malformed", "give `when`, `serve`, or both");
  const held = working.rules[index] as WorkingRule;
  const next = withRule(working, index, { ...held, when: when ?? held.when, serve: serve ?? held.serve });
  return {
    ...next,
    origins: noted(next, [
      [when, `${place}/when`],
      [serve, `${place}/serve`],
    ]),
  };
};

const removeRule: Apply = (working, instruction, place) => {
  const index = findRule(working.rules, instruction, "rule", place);
  return { ...working, rules: working.rules.toSpliced(index, 1) };
};

const moveRule: Apply = (working, instruction, place) => {
  const { rules } = working;
  const index = findRule(rules, instruction, "rule", place);
  if (["before", "after", "at"].every((name) => memberOf(instruction, name) === undefined))
    throw new Refused(place, "malformed", "give one of `before`, `after` and `at`");
  const wanted = positionOf(rules, instruction, place);
  // `before` and `after` count the rule itself; `at` is its place in the result.
  const isShifted = memberOf(instruction, "at") === undefined && wanted > index;
  const to = Math.min(isShifted ? wanted - 1 : wanted, rules.length - 1);
  return { ...working, rules: rules.toSpliced(index, 1).toSpliced(to, 0, rules[index] as WorkingRule) };
};

const reorderRules: Apply = (working, instruction, place) => {
  const ids = memberOf(instruction, "rules") as readonly string[];
  const { rules } = working;
  if (ids.length > rules.length)
    throw new Refused(`${place}/rules`, "too_many", "these are more than the environment has rules");
  const seen = new Set<string>();
  const ordered = ids.map((id, i) => {
    const rule = rules.find((one) => one.id === id);
    if (!rule)
      throw new Refused(`${place}/rules/${i}`, "unknown_rule", `there is no rule \`${id}\` in this environment`);
    if (seen.has(id)) throw new Refused(`${place}/rules/${i}`, "duplicate", `\`${id}\` is listed twice`);
    seen.add(id);
    return rule;
  });
  const missing = rules.find((rule) => !seen.has(rule.id ?? ""));
  if (missing) throw new Refused(`${place}/rules`, "missing", `list every rule; \`${missing.id ?? ""}\` is missing`);
  return { ...working, rules: ordered };
};

const splitMembers = ["by", "salt", "hash", "otherwise"] as const;

const setWeights: Apply = (working, instruction, place) => {
  const index = instruction.rule === undefined ? undefined : findRule(working.rules, instruction, "rule", place);
  const rule = index === undefined ? undefined : working.rules[index];
  const held = rule ? rule.serve : working.fallthrough;
  const present = isObject(held) ? memberOf(held, "split") : undefined;
  const split: Record<string, Json> = {};
  for (const name of splitMembers) {
    const value = memberOf(instruction, name) ?? (isObject(present) ? memberOf(present, name) : undefined);
    if (value !== undefined) split[name] = value;
  }
  split.weights = memberOf(instruction, "weights") ?? null;
  const serve = { split };
  const origins = noted(working, [
    [serve, place],
    [split, place],
  ]);
  if (index === undefined || !rule) return { ...working, fallthrough: serve, origins };
  return withRule({ ...working, origins }, index, { ...rule, serve });
};

export const ruleInstructions: Readonly<Record<string, Apply>> = {
  add_rule: addRule,
  replace_rule: replaceRule,
  remove_rule: removeRule,
  move_rule: moveRule,
  reorder_rules: reorderRules,
  set_weights: setWeights,
};
