// What a change does, as sentences: the same as the control plane's dry run and webhooks say
// (control-plane/flags/config_sentences.cpp).

import { defaultAttribute, type FlagConfig, isSplit, limits, type Rule, type Serve } from "./config";
import { movedElements } from "./diff";
import { english, type Texts } from "./english";
import { isSame } from "./json";
import { percentOfSlots } from "./percent";
import { between, listed, type Part, type Piece, type Sentence, variation } from "./phrases";
import { ruleText } from "./rule_text";
import { planOf, sharesOf } from "./split";
import { valueChanges, valueList } from "./value_sentences";

type ByName = ReadonlyMap<string, number>;

// By the names' bytes; "" is the next rule.
function sharesByName(serve: Serve, inRule: boolean): ByName {
  const shares = [...sharesOf(planOf(serve, inRule))].map(([name, slots]): [string, number] => [name ?? "", slots]);
  return new Map(shares.sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

function sharesText(shares: ByName, texts: Texts): Sentence {
  const shown = [...shares].filter(([name]) => name !== "");
  if (shown.length === 0) return texts.nothing();
  return between(
    shown.map(
      ([name, slots]): Piece =>
        slots === limits.slots ? variation(name) : texts.share(variation(name), percentOfSlots(slots)),
    ),
    ", ",
  );
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
  const removed = before.flatMap((rule, i) =>
    indexIn(after, rule.id) < 0 ? [texts.removes(texts.ruleName(i, rule.id))] : [],
  );
  const moved = movedElements(ids(before), ids(after)).map((id) =>
    texts.movesRule(id, indexIn(after, id), indexIn(before, id)),
  );
  const changed = after.flatMap((rule, i): Sentence[] => {
    const held = before[indexIn(before, rule.id)];
    if (!held)
      return [
        texts.addsRule(
          texts.ruleName(i, rule.id),
          ruleText(rule.when),
          sharesText(sharesByName(rule.serve, true), texts),
        ),
      ];
    const subject = texts.rule(i);
    const [now, was] = [ruleText(rule.when), ruleText(held.when)];
    const applies = isSame(rule.when, held.when) ? [] : [texts.applies(subject, now, was)];
    return [...applies, ...serveChange(subject, held.serve, rule.serve, true, texts)];
  });
  return [...removed, ...moved, ...changed];
}

function prerequisitesChange(
  before: FlagConfig["prerequisites"],
  after: FlagConfig["prerequisites"],
  texts: Texts,
): Sentence[] {
  const names = (variations: readonly string[]): Sentence => texts.list(listed("variation", variations));
  const wanted = after.flatMap(({ flag, variations }) => {
    const held = before.find((each) => each.flag === flag);
    if (held && isSame(held.variations, variations)) return [];
    const requires = texts.requires(flag, names(variations));
    return [held ? texts.insteadOf(requires, names(held.variations)) : texts.ended(requires)];
  });
  const gone = before
    .filter(({ flag }) => !after.some((each) => each.flag === flag))
    .map(({ flag }) => texts.noLongerRequires(flag));
  const all = [...wanted, ...gone];
  return all.length === 0 && !isSame(before, after) ? [texts.reorders("prerequisites")] : all;
}

function targetsChange(before: FlagConfig["targets"], after: FlagConfig["targets"], texts: Texts): Sentence[] {
  const changes = valueChanges(before, after).flatMap(({ attribute, variation: name, added, removed }) =>
    (
      [
        ["Adds", added],
        ["Removes", removed],
      ] as const
    )
      .filter(([, values]) => values.length > 0)
      .map(([verb, values]) =>
        texts.targets(verb, values.length, variation(name), attribute, valueList(values, texts)),
      ),
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
