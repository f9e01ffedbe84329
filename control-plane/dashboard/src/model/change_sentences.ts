// What a change does, as sentences: the same as the control plane's dry run and webhooks say
// (control-plane/flags/config_sentences.cpp, flag_sentences.cpp, segments/segment_sentences.cpp).

import { defaultAttribute, type FlagConfig, type FlagDefinition, isSplit, limits, type Rule, type SegmentMembers, type Serve, type ValueList, type Variation } from "./config";
import { movedElements } from "./diff";
import { english, type Texts } from "./english";
import { isSame, type Json, writeJson } from "./json";
import { percentOfSlots } from "./percent";
import { between, listed, type Part, type Piece, type Sentence, value, variation } from "./phrases";
import { ruleText } from "./rule_text";
import { planOf, sharesOf } from "./split";

type ByName = ReadonlyMap<string, number>;

// By the names' bytes; "" is the next rule.
function sharesByName(serve: Serve, inRule: boolean): ByName {
  const shares = [...sharesOf(planOf(serve, inRule))].map(([name, slots]): [string, number] => [name ?? "", slots]);
  return new Map(shares.sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

function sharesText(shares: ByName, texts: Texts): Sentence {
  const shown = [...shares].filter(([name]) => name !== "");
  if (shown.length === 0) return texts.nothing();
  return between(shown.map(([name, slots]): Piece => (slots === limits.slots ? variation(name) : texts.share(variation(name), percentOfSlots(slots)))), ", ");
}

function bucketing(subject: Sentence, before: Serve, after: Serve, isSameShares: boolean, texts: Texts): Sentence[] {
  if (!isSplit(before) || !isSplit(after)) return [];
  const [held, now] = [before.split, after.split];
  const [heldBy, by] = [held.by ?? defaultAttribute, now.by ?? defaultAttribute];
  if (heldBy !== by) return [texts.splitsBy(subject, by, heldBy)];
  const isSameDeal = held.salt === now.salt && (held.hash ?? "murmur3") === (now.hash ?? "murmur3");
  if (!isSameDeal) return [texts.dealsAnew(subject)];
  return isSameShares && !isSame(before, after) ? [texts.sameShares(subject)] : [];
}

function serveChange(subject: Sentence, before: Serve, after: Serve, inRule: boolean, texts: Texts): Sentence[] {
  const [held, wanted] = [sharesByName(before, inRule), sharesByName(after, inRule)];
  const isSameShares = isSame(Object.fromEntries(held), Object.fromEntries(wanted));
  const others = bucketing(subject, before, after, isSameShares, texts);
  if (held.size === 1 && wanted.size === 1 && !isSameShares)
    return [texts.servesInstead(subject, sharesText(wanted, texts), sharesText(held, texts)), ...others];
  const names = [...new Set([...held.keys(), ...wanted.keys()])].sort();
  const changes = names.flatMap((name) => {
    const [now, was] = [wanted.get(name) ?? 0, held.get(name) ?? 0].map(percentOfSlots) as [string, string];
    if (now === was) return [];
    return [name === "" ? texts.leaves(subject, now, was) : texts.servesTo(subject, variation(name), now, was)];
  });
  return [...changes, ...others];
}

function rulesChange(before: readonly Rule[], after: readonly Rule[], texts: Texts): Sentence[] {
  const ids = (rules: readonly Rule[]): string[] => rules.map((rule) => rule.id);
  const indexIn = (rules: readonly Rule[], id: string): number => rules.findIndex((rule) => rule.id === id);
  const removed = before.flatMap((rule, i) => (indexIn(after, rule.id) < 0 ? [texts.removes(texts.ruleName(i, rule.id))] : []));
  const moved = movedElements(ids(before), ids(after)).map((id) => texts.movesRule(id, indexIn(after, id), indexIn(before, id)));
  const changed = after.flatMap((rule, i): Sentence[] => {
    const held = before[indexIn(before, rule.id)];
    if (!held) return [texts.addsRule(texts.ruleName(i, rule.id), ruleText(rule.when), sharesText(sharesByName(rule.serve, true), texts))];
    const subject = texts.rule(i);
    const [now, was] = [ruleText(rule.when), ruleText(held.when)];
    const applies = isSame(rule.when, held.when) ? [] : [texts.applies(subject, now, was)];
    return [...applies, ...serveChange(subject, held.serve, rule.serve, true, texts)];
  });
  return [...removed, ...moved, ...changed];
}

function prerequisitesChange(before: FlagConfig["prerequisites"], after: FlagConfig["prerequisites"], texts: Texts): Sentence[] {
  const names = (variations: readonly string[]): Sentence => texts.list(listed("variation", variations));
  const wanted = after.flatMap(({ flag, variations }) => {
    const held = before.find((each) => each.flag === flag);
    if (held && isSame(held.variations, variations)) return [];
    const requires = texts.requires(flag, names(variations));
    return [held ? texts.insteadOf(requires, names(held.variations)) : texts.ended(requires)];
  });
  const gone = before.filter(({ flag }) => !after.some((each) => each.flag === flag)).map(({ flag }) => texts.noLongerRequires(flag));
  const all = [...wanted, ...gone];
  return all.length === 0 && !isSame(before, after) ? [texts.reorders("prerequisites")] : all;
}

type AnyList = ValueList & { readonly variation?: string };
type Values = { readonly attribute: string; readonly variation: string; readonly added: string[]; readonly removed: string[] };

// What became of the values of each attribute and variation, in the order of `after` and then of `before`.
function valueChanges(before: readonly AnyList[], after: readonly AnyList[]): Values[] {
  const group = (lists: readonly AnyList[]): Map<string, Set<string>> => {
    const groups = new Map<string, Set<string>>();
    for (const { attribute, variation: name = "", values } of lists) {
      const key = JSON.stringify([attribute, name]);
      groups.set(key, new Set([...(groups.get(key) ?? []), ...values]));
    }
    return groups;
  };
  const [held, wanted] = [group(before), group(after)];
  return [...new Set([...wanted.keys(), ...held.keys()])].flatMap((key) => {
    const [attribute, name] = JSON.parse(key) as [string, string];
    const [old, now] = [held.get(key) ?? new Set<string>(), wanted.get(key) ?? new Set<string>()];
    const added = [...now].filter((each) => !old.has(each));
    const removed = [...old].filter((each) => !now.has(each));
    return added.length + removed.length === 0 ? [] : [{ attribute, variation: name, added, removed }];
  });
}

const valueList = (values: readonly string[], texts: Texts): Sentence => texts.list(listed("value", values));

function targetsChange(before: FlagConfig["targets"], after: FlagConfig["targets"], texts: Texts): Sentence[] {
  const changes = valueChanges(before, after).flatMap(({ attribute, variation: name, added, removed }) =>
    ([["Adds", added], ["Removes", removed]] as const)
      .filter(([, values]) => values.length > 0)
      .map(([verb, values]) => texts.targets(verb, values.length, variation(name), attribute, valueList(values, texts))),
  );
  return changes.length === 0 && !isSame(before, after) ? [texts.reorders("targets")] : changes;
}

/** The sentences about a change of a configuration, in the order of evaluation. */
export function describeConfig(before: FlagConfig, after: FlagConfig, texts: Texts = english): Sentence[] {
  const off = (key: string | null): Part | Sentence => (key === null ? texts.callersDefault() : variation(key));
  return [
    ...(before.enabled === after.enabled ? [] : [texts.turns(after.enabled)]),
    ...(before.off === after.off ? [] : [texts.offServes(off(after.off), off(before.off))]),
    ...prerequisitesChange(before.prerequisites, after.prerequisites, texts),
    ...targetsChange(before.targets, after.targets, texts),
    ...rulesChange(before.rules, after.rules, texts),
    ...serveChange(texts.fallthrough(), before.fallthrough, after.fallthrough, false, texts),
  ];
}

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
    const isRenamed = !held && old && before.length === after.length && isSame(old.value, json) && !isIn(after, old.key);
    if (isRenamed) {
      renamed.add(old.key);
      return [texts.renames(variation(old.key), variation(key))];
    }
    if (!held) return [texts.addsVariation(variation(key), writeJson(json))];
    return isSame(held.value, json) ? [] : [texts.variationHas(variation(key), writeJson(json), writeJson(held.value))];
  });
  const removed = before.filter(({ key }) => !isIn(after, key) && !renamed.has(key)).map(({ key }) => texts.removesVariation(variation(key)));
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

function listChange(adds: string, removes: string, before: readonly ValueList[], after: readonly ValueList[], texts: Texts): Sentence[] {
  const changes = valueChanges(before, after).flatMap(({ attribute, added, removed }) =>
    ([[adds, added], [removes, removed]] as const)
      .filter(([, values]) => values.length > 0)
      .map(([verb, values]) => texts.listsValues(verb, values.length, attribute, valueList(values, texts))),
  );
  return changes.length === 0 && !isSame(before, after) ? [texts.reorders("listed values")] : changes;
}

/** The sentences about a change of a segment's members. */
export function describeMembers(before: SegmentMembers, after: SegmentMembers, texts: Texts = english): Sentence[] {
  const isIn = (rules: SegmentMembers["rules"], rule: SegmentMembers["rules"][0]): boolean => rules.some((each) => isSame(each, rule));
  const rules = [
    ...before.rules.flatMap((rule, i) => (isIn(after.rules, rule) ? [] : [texts.segmentRule("Removes", i, ruleText(rule.when))])),
    ...after.rules.flatMap((rule, i) => (isIn(before.rules, rule) ? [] : [texts.segmentRule("Adds", i, ruleText(rule.when))])),
  ];
  return [
    ...listChange("Includes", "No longer includes", before.included, after.included, texts),
    ...listChange("Excludes", "No longer excludes", before.excluded, after.excluded, texts),
    ...(rules.length === 0 && !isSame(before.rules, after.rules) ? [texts.segmentRules()] : rules),
  ];
}

/** A name that a variation's value is shown by, shortened by the page. */
export const jsonValue = (json: Json): Part => value(writeJson(json));
