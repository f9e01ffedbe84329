// Applies instructions to a flag's configuration, with the result that the server would store:
// control-plane/flags/config_instructions.cpp and flag_edit.cpp. What the result refers to (flags,
// segments, variations served), and values by operator, are checked by the evaluator's compile.

import { ruleInstructions, type Working, type WorkingRule } from "./apply_rules";
import type { FlagConfig, Prerequisite, Rule, Serve, Target } from "./config";
import { isKey } from "./config";
import { type ConfigInstruction, configKinds } from "./instructions";
import { isObject, isSame, type Json, type JsonObject, memberOf } from "./json";
import { applyEach, orRefusal, type Refusal, Refused } from "./refusal";
import { storedCondition, storedServe } from "./stored_form";
import { addValues, type ListInstruction, removeValues, replaceValues } from "./value_lists";
import { type WeightsContext, withoutWeights } from "./weights";

export type ApplyOptions = {
  /** The flag's salt, and the keys of its variations, which weights may name. */
  readonly salt: string;
  readonly variations: readonly string[];
  /** Parses a `when` that is text; throws Refused. Without it such an instruction is refused. */
  readonly parseWhen?: (text: string, place: string) => Json;
  /** The id of a rule that has none. Instructions that are replayed should have ids of their own. */
  readonly makeRuleId?: () => string;
};
export type Applied<T> = { readonly value: T } | { readonly refusal: Refusal };

type State = Working & Omit<FlagConfig, "rules" | "fallthrough">;
type Apply = (state: State, instruction: JsonObject, place: string) => State;

const named = (flag: Json | undefined) => (prerequisite: Prerequisite) => prerequisite.flag === flag;

function findPrerequisite(state: State, flag: Json | undefined, place: string): number {
  const index = state.prerequisites.findIndex(named(flag));
  if (index < 0)
    throw new Refused(`${place}/flag`, "unknown_prerequisite", `\`${flag}\` is no prerequisite of this flag`);
  return index;
}

const setFallthrough: Apply = (state, instruction, place) => {
  const { variation, split } = instruction;
  if ((variation === undefined) === (split === undefined))
    throw new Refused(place, "malformed", "give `variation` or `split`");
  const fallthrough: Json = variation === undefined ? { split } : { variation };
  return { ...state, fallthrough, origins: new Map(state.origins).set(fallthrough, place) };
};

const targetsBy =
  (change: (lists: readonly Target[], by: ListInstruction, place: string) => readonly Target[]): Apply =>
  (state, instruction, place) => ({
    ...state,
    targets: change(state.targets, instruction as unknown as ListInstruction, place),
  });

const instructions: Readonly<Record<string, Apply>> = {
  turn_on: (state) => ({ ...state, enabled: true }),
  turn_off: (state) => ({ ...state, enabled: false }),
  set_off: (state, { variation }) => ({ ...state, off: variation as string | null }),
  set_fallthrough: setFallthrough,
  add_targets: targetsBy(addValues),
  remove_targets: targetsBy(removeValues),
  replace_targets: targetsBy(replaceValues),
  add_prerequisite: (state, { flag, variations }, place) => {
    if (state.prerequisites.some(named(flag)))
      throw new Refused(
        `${place}/flag`,
        "already_there",
        `\`${flag}\` is a prerequisite already; use replace_prerequisite`,
      );
    return { ...state, prerequisites: [...state.prerequisites, { flag, variations } as Prerequisite] };
  },
  replace_prerequisite: (state, { flag, variations }, place) => {
    const index = findPrerequisite(state, flag, place);
    return { ...state, prerequisites: state.prerequisites.with(index, { flag, variations } as Prerequisite) };
  },
  remove_prerequisite: (state, { flag }, place) => {
    const index = findPrerequisite(state, flag, place);
    return { ...state, prerequisites: state.prerequisites.toSpliced(index, 1) };
  },
};

const applyOne: Apply = (state, instruction, place) => {
  const kind = String(memberOf(instruction, "kind"));
  const aboutRules = ruleInstructions[kind];
  if (aboutRules) return { ...state, ...aboutRules(state, instruction, place) };
  return instructions[kind]?.(state, instruction, place) ?? state;
};

function storedWhen(when: Json, place: string, options: ApplyOptions): Rule["when"] {
  if (typeof when !== "string") return storedCondition(when, place);
  if (!options.parseWhen) throw new Refused(place, "bad_rule", "the text of a rule must be parsed first");
  return storedCondition(options.parseWhen(when, place), place);
}

function placeOf(part: Json | undefined, origins: ReadonlyMap<Json, string>, fallback: string): string {
  return (part === undefined ? undefined : origins.get(part)) ?? fallback;
}

function storedServeOf(serve: Json, state: State, fallback: string, context: WeightsContext): Serve {
  const place = placeOf(serve, state.origins, fallback);
  const split = isObject(serve) ? memberOf(serve, "split") : undefined;
  const splitPlace = placeOf(split, state.origins, `${place}/split`);
  return storedServe(withoutWeights(serve, splitPlace, context), place, splitPlace);
}

// A rule's id is what counts and explanations name it by. Those that are stored may stay as they are.
function checkIds(rules: readonly WorkingRule[], present: FlagConfig, origins: ReadonlyMap<Json, string>): void {
  const stored = new Set(present.rules.map((rule) => rule.id));
  const seen = new Set<string>();
  rules.forEach((rule, i) => {
    const { id = "" } = rule;
    if (id === "") return;
    const place = `${placeOf(rule as Json, origins, `/rules/${i}`)}/id`;
    if (!isKey(id) && !stored.has(id))
      throw new Refused(place, "bad_key", "a rule's id is written like a key: 1 to 100 of A-Z a-z 0-9 . _ -");
    if (seen.has(id)) throw new Refused(place, "duplicate", `\`${id}\` is the id of another rule too`);
    seen.add(id);
  });
}

// A rule without an id gets that of a stored one with the same content, or a new one.
function withIds(
  rules: readonly (Omit<Rule, "id"> & { id?: string })[],
  present: FlagConfig,
  makeId: () => string,
): Rule[] {
  const taken = new Set(rules.map((rule) => rule.id ?? ""));
  return rules.map((rule) => {
    if (rule.id) return { ...rule, id: rule.id };
    const same = present.rules.find(
      (held) => !taken.has(held.id) && isSame(held.when, rule.when) && isSame(held.serve, rule.serve),
    );
    const id = same?.id ?? makeId();
    taken.add(id);
    return { id, when: rule.when, serve: rule.serve };
  });
}

function stored(state: State, present: FlagConfig, options: ApplyOptions): FlagConfig {
  const context = (serve: Serve | undefined, inRule: boolean): WeightsContext => ({
    ...options,
    present: serve,
    inRule,
  });
  const rules = state.rules.map((rule, i) => ({
    ...(rule.id === undefined ? {} : { id: rule.id }),
    when: storedWhen(rule.when, placeOf(rule.when, state.origins, `/rules/${i}/when`), options),
    serve: storedServeOf(
      rule.serve,
      state,
      `/rules/${i}/serve`,
      context(present.rules.find((held) => held.id === rule.id)?.serve, true),
    ),
  }));
  const fallthrough = storedServeOf(state.fallthrough, state, "/fallthrough", context(present.fallthrough, false));
  checkIds(state.rules, present, state.origins);
  let count = 0;
  const makeId = options.makeRuleId ?? (() => `new-${++count}`);
  const { enabled, off, prerequisites, targets } = state;
  return { enabled, off, prerequisites, targets, rules: withIds(rules, present, makeId), fallthrough };
}

/**
 * The configuration that the instructions make of `present`, all or none; the first refusal
 * otherwise, with the server's code and place. Weights become the ranges that move the fewest.
 */
export function applyToConfig(
  present: FlagConfig,
  list: readonly ConfigInstruction[],
  options: ApplyOptions,
): Applied<FlagConfig> {
  return orRefusal(() => {
    const { enabled, off, prerequisites, targets, rules, fallthrough } = present;
    const state: State = { enabled, off, prerequisites, targets, rules, fallthrough, origins: new Map() };
    return stored(applyEach(state, list as readonly Json[], configKinds, applyOne), present, options);
  });
}
