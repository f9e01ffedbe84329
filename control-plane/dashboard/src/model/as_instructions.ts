// Differences as instructions: what makes one state of another. Used where instructions cannot be
// replayed as they were given: rebase with choices, revert, promotion of parts.

import { type FlagConfig, isSplit, type SegmentMembers, type Serve, type Split } from "./config";
import { type Change, changesBetween, type Places, placesOfConfig, placesOfMembers } from "./diff";
import type { ConfigInstruction, DefinitionInstruction, MemberInstruction, Weight } from "./instructions";
import { isSame, type Json, numberOf } from "./json";
import { percentOfSlots } from "./percent";
import { isSameBucketing, planOf, weightsOf } from "./split";

/** `keep`: splits become exactly these ranges; `fewest_move`: the same shares, moving as few as possible. */
export type SplitChange = { readonly splits: "keep" | "fewest_move"; readonly salt: string };

const rank = ({ after }: Change): number => (after === undefined ? 0 : 1);

// Changes of values in lists, removals first: a value leaves one variation before it joins another.
function valueInstructions<I>(changes: readonly Change[], list: string, remove: string, add: string): I[] {
  const groups = new Map<string, { kind: string; attribute: string; variation?: string; values: string[] }>();
  const put = (kind: string, attribute: string, value: string, variation: Json): void => {
    const name = JSON.stringify([kind, attribute, variation]);
    const named = typeof variation === "string" ? { variation } : {};
    const group = groups.get(name) ?? { kind, attribute, ...named, values: [] };
    group.values.push(value);
    groups.set(name, group);
  };
  const own = changes.filter(({ place }) => place[0] === list && place.length === 3);
  for (const { place, before } of own) if (before !== undefined) put(remove, place[1] ?? "", place[2] ?? "", before);
  for (const { place, after } of own) if (after !== undefined) put(add, place[1] ?? "", place[2] ?? "", after);
  return [...groups.values()] as unknown as I[];
}

function weightInput(split: Split, inRule: boolean): Weight[] {
  const plan = planOf({ split }, inRule);
  return weightsOf(plan).map(({ variation, slots }) => ({ variation, weight: numberOf(percentOfSlots(slots)) }));
}

function splitInstruction(
  rule: string | undefined,
  before: Serve | undefined,
  after: Serve,
  by: SplitChange,
): ConfigInstruction | undefined {
  if (by.splits === "keep" || !isSplit(after) || !before) return undefined;
  const { otherwise } = after.split;
  if (!isSplit(before) || !isSameBucketing(before.split, after.split, by.salt)) return undefined;
  const named = rule === undefined ? {} : { rule };
  const rest = otherwise === undefined ? {} : { otherwise };
  return { kind: "set_weights", ...named, weights: weightInput(after.split, rule !== undefined), ...rest };
}

function fallthroughInstruction(before: Serve, after: Serve, by: SplitChange): ConfigInstruction {
  return splitInstruction(undefined, before, after, by) ?? { kind: "set_fallthrough", ...after };
}

// Removes, brings what stays into its order, replaces, and then adds in ascending order, so that each
// new rule lands at its index.
function ruleInstructions(from: Places, to: Places, by: SplitChange): ConfigInstruction[] {
  const order = (places: Places): string[] => (places.get('["rules","order"]') ?? []) as string[];
  const part = (places: Places, id: string, name: string): Json | undefined =>
    places.get(JSON.stringify(["rule", id, name]));
  const [held, wanted] = [order(from), order(to)];
  const list: ConfigInstruction[] = held
    .filter((id) => !wanted.includes(id))
    .map((rule) => ({ kind: "remove_rule", rule }));
  const stay = held.filter((id) => wanted.includes(id));
  const kept = wanted.filter((id) => held.includes(id));
  if (!isSame(stay, kept)) list.push({ kind: "reorder_rules", rules: kept });
  wanted.forEach((id, at) => {
    const [when, serve] = [part(to, id, "when"), part(to, id, "serve") as Serve];
    if (!held.includes(id)) {
      list.push({ kind: "add_rule", id, at, when: when as never, serve });
      return;
    }
    const newWhen = isSame(part(from, id, "when"), when) ? {} : { when: when as never };
    const heldServe = part(from, id, "serve") as Serve;
    const isServed = isSame(heldServe, serve);
    const weights = isServed ? undefined : splitInstruction(id, heldServe, serve, by);
    const newServe = isServed || weights ? {} : { serve };
    if ("when" in newWhen || "serve" in newServe)
      list.push({ kind: "replace_rule", rule: id, ...newWhen, ...newServe });
    if (weights) list.push(weights);
  });
  return list;
}

/** Instructions that make the places `to` of a configuration with the places `from`. */
export function configInstructions(from: Places, to: Places, by: SplitChange): ConfigInstruction[] {
  const changes = changesBetween(from, to);
  const one = (change: Change): ConfigInstruction[] => {
    const [name, flag = ""] = change.place;
    if (name === "enabled") return [{ kind: change.after === true ? "turn_on" : "turn_off" }];
    if (name === "off") return [{ kind: "set_off", variation: change.after as string | null }];
    if (name === "fallthrough") return [fallthroughInstruction(change.before as Serve, change.after as Serve, by)];
    if (name !== "prerequisite") return [];
    if (change.after === undefined) return [{ kind: "remove_prerequisite", flag }];
    const variations = change.after as string[];
    return [{ kind: change.before === undefined ? "add_prerequisite" : "replace_prerequisite", flag, variations }];
  };
  const values = valueInstructions<ConfigInstruction>(changes, "target", "remove_targets", "add_targets");
  return [...changes.flatMap(one), ...values, ...ruleInstructions(from, to, by)];
}

/** The same of two configurations. */
export function configChange(from: FlagConfig, to: FlagConfig, by: SplitChange): ConfigInstruction[] {
  return configInstructions(placesOfConfig(from), placesOfConfig(to), by);
}

/** Instructions that make the places `to` of a segment's members with the places `from`. */
export function memberInstructions(from: Places, to: Places): MemberInstruction[] {
  const changes = changesBetween(from, to);
  const rules = changes.find(({ place }) => place[0] === "rules");
  const held = (rules?.before ?? []) as SegmentMembers["rules"];
  const wanted = (rules?.after ?? []) as SegmentMembers["rules"];
  return [
    ...["included", "excluded"].flatMap((list) =>
      valueInstructions<MemberInstruction>(changes, list, `remove_${list}`, `add_${list}`),
    ),
    ...held.map((): MemberInstruction => ({ kind: "remove_rule", at: 0 })),
    ...wanted.map(({ when }): MemberInstruction => ({ kind: "add_rule", when })),
  ];
}

export function memberChange(from: SegmentMembers, to: SegmentMembers): MemberInstruction[] {
  return memberInstructions(placesOfMembers(from), placesOfMembers(to));
}

// A variation with another key and the same value is the same one under a new name.
function variationInstructions(changes: readonly Change[], order: readonly string[]): DefinitionInstruction[] {
  const own = changes.filter(({ place }) => place[0] === "variation");
  const gone = own.filter(({ after }) => after === undefined);
  const list: DefinitionInstruction[] = [];
  const renamed = new Set<Change>();
  for (const { place, before, after = null } of own.filter((change) => change.after !== undefined)) {
    const variation = place[1] ?? "";
    const old = gone.find((change) => !renamed.has(change) && before === undefined && isSame(change.before, after));
    if (old) renamed.add(old);
    if (old) list.push({ kind: "rename_variation", variation: old.place[1] ?? "", to: variation });
    else if (before !== undefined) list.push({ kind: "set_value", variation, value: after });
    else list.push({ kind: "add_variation", variation, value: after, at: order.indexOf(variation) });
  }
  const removed = gone.filter((change) => !renamed.has(change));
  return [
    ...removed.map(({ place }): DefinitionInstruction => ({ kind: "remove_variation", variation: place[1] ?? "" })),
    ...list,
  ];
}

/** Instructions that make the places `to` of a definition with the places `from`. */
export function definitionInstructions(from: Places, to: Places): DefinitionInstruction[] {
  const changes = changesBetween(from, to);
  const tags = (isAdded: boolean): string[] =>
    changes
      .filter((change) => change.place[0] === "tag" && rank(change) === Number(isAdded))
      .map(({ place }) => place[1] ?? "");
  const members = changes.flatMap(({ place: [name = "", ...rest], after = null }): DefinitionInstruction[] => {
    if (rest.length > 0) return [];
    if (name === "archived") return [{ kind: after === true ? "archive" : "restore" }];
    return [{ kind: `set_${name}`, [name]: after } as unknown as DefinitionInstruction];
  });
  const [added, removed] = [tags(true), tags(false)];
  return [
    ...members,
    ...(removed.length > 0 ? [{ kind: "remove_tags", tags: removed } as const] : []),
    ...(added.length > 0 ? [{ kind: "add_tags", tags: added } as const] : []),
    ...variationInstructions(changes, (to.get('["variations","order"]') ?? []) as string[]),
  ];
}
