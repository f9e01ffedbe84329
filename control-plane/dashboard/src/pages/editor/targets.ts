// Lists of those who are named, and what is done to them. Pure.
import type { ConfigInstruction, Target } from "../../model/index";

export const listId = ({ variation, attribute }: Pick<Target, "variation" | "attribute">): string =>
  JSON.stringify([variation, attribute]);

// Values of a list that an earlier one of the same attribute has: by the variation that they get instead.
export function shadowedIn(targets: readonly Target[], at: number): ReadonlyMap<string, string> {
  const list = targets[at];
  const taken = new Map<string, string>();
  if (!list) return taken;
  for (const { attribute, values, variation } of targets.slice(0, at)) {
    if (attribute !== list.attribute) continue;
    for (const value of values) if (!taken.has(value)) taken.set(value, variation);
  }
  return new Map(list.values.flatMap((value) => (taken.has(value) ? [[value, taken.get(value) ?? ""] as const] : [])));
}

export interface SetValues {
  step: ConfigInstruction[];
  moved: ReadonlyMap<string, readonly string[]>; // by the variation that they got before
}

// Makes these the values of a list. Whoever is named for another variation is so no longer: both cannot be.
export function setValues(targets: readonly Target[], list: Target, values: readonly string[]): SetValues {
  const { variation, attribute } = list;
  const held = new Set(targets.filter((each) => listId(each) === listId(list)).flatMap((each) => each.values));
  const added = new Set(values.filter((value) => !held.has(value)));
  const moved = new Map<string, readonly string[]>();
  for (const other of targets) {
    if (other.attribute !== attribute || other.variation === variation) continue;
    const taken = other.values.filter((value) => added.has(value));
    if (taken.length > 0) moved.set(other.variation, [...(moved.get(other.variation) ?? []), ...taken]);
  }
  const step: ConfigInstruction[] = [...moved].map(([from, taken]) => ({
    ...{ kind: "remove_targets", variation: from, attribute, values: taken },
  }));
  return { step: [...step, { kind: "replace_targets", variation, attribute, values }], moved };
}
