// The difference of two configurations, definitions or segments, place by place. A place is a part
// that one person can change without touching another: a rule's condition, one target's value, one
// tag. Review, history and rebase() work on it.

import type { FlagConfig, FlagDefinition, Rule, SegmentMembers, ValueList } from "./config";
import { isSame, type Json } from "./json";

/** What is at each place; keys are JSON arrays such as ["rule","r1","serve"]. Order is that of showing. */
export type Places = ReadonlyMap<string, Json>;
/** `before` undefined: it was added; `after` undefined: it was removed. */
export type Change = {
  readonly place: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
};

const key = (...place: readonly string[]): string => JSON.stringify(place);

function setValues(
  places: Map<string, Json>,
  list: string,
  lists: readonly (ValueList & { variation?: string })[],
): void {
  for (const { attribute, values, variation } of lists)
    for (const value of values) {
      const name = key(list, attribute, value);
      if (!places.has(name)) places.set(name, variation ?? true);
    }
}

/** The places of a configuration. The order of rules is a place of its own, ["rules","order"]. */
export function placesOfConfig(config: FlagConfig): Places {
  const places = new Map<string, Json>([
    [key("enabled"), config.enabled],
    [key("off"), config.off],
  ]);
  for (const { flag, variations } of config.prerequisites) places.set(key("prerequisite", flag), variations);
  setValues(places, "target", config.targets);
  for (const { id, when, serve } of config.rules) {
    places.set(key("rule", id, "when"), when);
    places.set(key("rule", id, "serve"), serve);
  }
  places.set(
    key("rules", "order"),
    config.rules.map((rule) => rule.id),
  );
  places.set(key("fallthrough"), config.fallthrough);
  return places;
}

const definitionMembers = ["name", "description", "owner", "lifetime", "client", "track", "archived"] as const;

/** The places of a definition; variations are in it by key, and in their order. */
export function placesOfDefinition(definition: FlagDefinition): Places {
  const places = new Map<string, Json>(definitionMembers.map((name) => [key(name), definition[name]]));
  for (const tag of definition.tags) places.set(key("tag", tag), true);
  for (const { key: name, value } of definition.variations) places.set(key("variation", name), value);
  places.set(
    key("variations", "order"),
    definition.variations.map((variation) => variation.key),
  );
  return places;
}

/** The places of a segment's members. Rules have no ids there, so all of them are one place. */
export function placesOfMembers(members: SegmentMembers): Places {
  const places = new Map<string, Json>();
  setValues(places, "included", members.included);
  setValues(places, "excluded", members.excluded);
  places.set(key("rules"), members.rules);
  return places;
}

/** What differs, in the order of `after` and then of what was removed. */
export function changesBetween(before: Places, after: Places): Change[] {
  const names = new Set([...after.keys(), ...before.keys()]);
  return [...names].flatMap((name) => {
    const [held, now] = [before.get(name), after.get(name)];
    return isSame(held, now) ? [] : [{ place: JSON.parse(name) as string[], before: held, after: now }];
  });
}

export const diffConfigs = (before: FlagConfig, after: FlagConfig): Change[] =>
  changesBetween(placesOfConfig(before), placesOfConfig(after));
export const diffDefinitions = (before: FlagDefinition, after: FlagDefinition): Change[] =>
  changesBetween(placesOfDefinition(before), placesOfDefinition(after));
export const diffMembers = (before: SegmentMembers, after: SegmentMembers): Change[] =>
  changesBetween(placesOfMembers(before), placesOfMembers(after));

/** What became of each rule, in the order of `after`, removed ones where they stood. */
export type RuleChange = {
  readonly id: string;
  readonly kind: "same" | "added" | "removed" | "changed" | "moved";
  readonly before: Rule | undefined;
  readonly after: Rule | undefined;
  /** Index before and after; -1 where it is not there. */
  readonly from: number;
  readonly to: number;
};

export function diffRules(before: readonly Rule[], after: readonly Rule[]): RuleChange[] {
  const moved = new Set(
    movedElements(
      before.map((rule) => rule.id),
      after.map((rule) => rule.id),
    ),
  );
  const changes = after.map((rule, to): RuleChange => {
    const from = before.findIndex((held) => held.id === rule.id);
    const held = before[from];
    const kind = !held ? "added" : !isSame(held, rule) ? "changed" : moved.has(rule.id) ? "moved" : "same";
    return { id: rule.id, kind, before: held, after: rule, from, to };
  });
  before.forEach((rule, from) => {
    if (after.some((other) => other.id === rule.id)) return;
    const at = changes.findIndex((change) => change.from > from);
    const gone: RuleChange = { id: rule.id, kind: "removed", before: rule, after: undefined, from, to: -1 };
    changes.splice(at < 0 ? changes.length : at, 0, gone);
  });
  return changes;
}

/**
 * Which of the elements that both lists have must be moved, so that the others keep their order: as
 * few as possible (those outside a longest increasing subsequence), in the order of `after`; as
 * control-plane/items/sentences.cpp.
 */
export function movedElements(before: readonly string[], after: readonly string[]): string[] {
  const places = new Map(before.map((element, i) => [element, i]));
  const common = after.filter((element) => places.has(element));
  const place = (i: number): number => places.get(common[i] ?? "") ?? 0;
  const length = common.map(() => 1);
  const previous = common.map(() => -1);
  let best = -1;
  for (let i = 0; i < common.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      if (place(j) > place(i) || (length[j] ?? 0) < (length[i] ?? 0)) continue;
      length[i] = (length[j] ?? 0) + 1;
      previous[i] = j;
    }
    if (best < 0 || (length[i] ?? 0) > (length[best] ?? 0)) best = i;
  }
  const stays = new Set<number>();
  for (let at = best; at >= 0; at = previous[at] ?? -1) stays.add(at);
  return common.filter((_element, i) => !stays.has(i));
}
