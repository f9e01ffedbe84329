// What a change of a definition or of a segment does, as sentences; as flag_sentences.cpp and
// segments/segment_sentences.cpp of the control plane.

import type { FlagDefinition, SegmentMembers, ValueList, Variation } from "./config";
import { english, type Texts } from "./english";
import { isSame, type Json, writeJson } from "./json";
import { type Part, type Sentence, value, variation } from "./phrases";
import { ruleText } from "./rule_text";
import { valueChanges, valueList } from "./value_sentences";

function textChange(what: string, before: string, now: string, texts: Texts): Sentence[] {
  if (before === now) return [];
  if (before === "") return [texts.sets(what, now)];
  return [now === "" ? texts.unsets(what, before) : texts.changes(what, now, before)];
}

function tagsChange(before: readonly string[], after: readonly string[], texts: Texts): Sentence[] {
  const added = after.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !after.includes(tag));
  if (added.length + removed.length === 0) return isSame(before, after) ? [] : [texts.reorders("tags")];
  return [
    ...(added.length > 0 ? [texts.tags("Adds", valueList(added, texts))] : []),
    ...(removed.length > 0 ? [texts.tags("Removes", valueList(removed, texts))] : []),
  ];
}

function variationsChange(before: readonly Variation[], after: readonly Variation[], texts: Texts): Sentence[] {
  const isIn = (list: readonly Variation[], key: string): boolean => list.some((each) => each.key === key);
  const renamed = new Set<string>();
  const changed = after.flatMap(({ key, value: json }, i): Sentence[] => {
    const held = before.find((each) => each.key === key);
    const old = before[i];
    const isRenamed =
      !held && old && before.length === after.length && isSame(old.value, json) && !isIn(after, old.key);
    if (isRenamed) {
      renamed.add(old.key);
      return [texts.renames(variation(old.key), variation(key))];
    }
    if (!held) return [texts.addsVariation(variation(key), writeJson(json))];
    return isSame(held.value, json) ? [] : [texts.variationHas(variation(key), writeJson(json), writeJson(held.value))];
  });
  const removed = before
    .filter(({ key }) => !isIn(after, key) && !renamed.has(key))
    .map(({ key }) => texts.removesVariation(variation(key)));
  const all = [...changed, ...removed];
  return all.length === 0 && !isSame(before as Json, after as Json) ? [texts.reorders("variations")] : all;
}

/** The sentences about a change of a flag's definition. */
export function describeDefinition(before: FlagDefinition, after: FlagDefinition, texts: Texts = english): Sentence[] {
  return [
    ...(before.archived === after.archived ? [] : [texts.archives(after.archived)]),
    ...textChange("name", before.name, after.name, texts),
    ...textChange("description", before.description, after.description, texts),
    ...tagsChange(before.tags, after.tags, texts),
    ...textChange("owner", before.owner, after.owner, texts),
    ...textChange("lifetime", before.lifetime ?? "", after.lifetime ?? "", texts),
    ...variationsChange(before.variations, after.variations, texts),
    ...(before.client === after.client ? [] : [texts.client(after.client)]),
    ...(before.track === after.track ? [] : [texts.track(after.track)]),
  ];
}

function listChange(
  adds: string,
  removes: string,
  before: readonly ValueList[],
  after: readonly ValueList[],
  texts: Texts,
): Sentence[] {
  const changes = valueChanges(before, after).flatMap(({ attribute, added, removed }) =>
    (
      [
        [adds, added],
        [removes, removed],
      ] as const
    )
      .filter(([, values]) => values.length > 0)
      .map(([verb, values]) => texts.listsValues(verb, values.length, attribute, valueList(values, texts))),
  );
  return changes.length === 0 && !isSame(before, after) ? [texts.reorders("listed values")] : changes;
}

/** The sentences about a change of a segment's members. */
export function describeMembers(before: SegmentMembers, after: SegmentMembers, texts: Texts = english): Sentence[] {
  const isIn = (rules: SegmentMembers["rules"], rule: SegmentMembers["rules"][0]): boolean =>
    rules.some((each) => isSame(each, rule));
  const rules = [
    ...before.rules.flatMap((rule, i) =>
      isIn(after.rules, rule) ? [] : [texts.segmentRule("Removes", i, ruleText(rule.when))],
    ),
    ...after.rules.flatMap((rule, i) =>
      isIn(before.rules, rule) ? [] : [texts.segmentRule("Adds", i, ruleText(rule.when))],
    ),
  ];
  return [
    ...listChange("Includes", "No longer includes", before.included, after.included, texts),
    ...listChange("Excludes", "No longer excludes", before.excluded, after.excluded, texts),
    ...(rules.length === 0 && !isSame(before.rules, after.rules) ? [texts.segmentRules()] : rules),
  ];
}

/** A name that a variation's value is shown by, shortened by the page. */
export const jsonValue = (json: Json): Part => value(writeJson(json));
