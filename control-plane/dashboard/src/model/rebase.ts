// My instructions on what somebody else has published meanwhile. Where nobody has changed the same
// place, they are replayed silently; where both have, a hunk shows base, theirs and mine, with a
// choice. Places are those of diff.ts.

import { type ApplyOptions, applyToConfig } from "./apply_config";
import { applyToDefinition } from "./apply_definition";
import { applyToMembers } from "./apply_members";
import { configInstructions, definitionInstructions, memberInstructions } from "./as_instructions";
import { changesBetween, type Places, placesOfConfig, placesOfDefinition, placesOfMembers } from "./diff";
import type { EditKind, InstructionOf, StateOf } from "./draft";
import { isSame, type Json, parseJson } from "./json";
import { mergeOrder, orderAs } from "./merge_order";
import type { Refusal } from "./refusal";

type Kinds = Exclude<EditKind, "segment">;
export type Side = "theirs" | "mine";

/** A place that both have changed, differently. Values are undefined where it is not there. */
export type Hunk = {
  readonly place: readonly string[];
  readonly base: Json | undefined;
  readonly theirs: Json | undefined;
  readonly mine: Json | undefined;
};
/** By JSON.stringify(hunk.place). A hunk without a choice is `theirs` for now. */
export type Choices = ReadonlyMap<string, Side>;

export type Rebased<K extends Kinds> = {
  /** Empty: nothing overlaps, and nobody need be asked. */
  readonly hunks: readonly Hunk[];
  /** What to send, based on theirs. Mine as they were given, where they still mean the same. */
  readonly instructions: readonly InstructionOf<K>[];
  readonly result: StateOf<K>;
};

type Kind<K extends Kinds> = {
  places: (state: StateOf<K>) => Places;
  apply: (
    state: StateOf<K>,
    list: InstructionOf<K>[],
    options: ApplyOptions,
  ) => { value: StateOf<K> } | { refusal: Refusal };
  instructions: (from: Places, to: Places, options: ApplyOptions) => InstructionOf<K>[];
  /** The place that holds an order, and whether it matters who comes first. */
  order?: { place: string; isExact: boolean };
};

const kinds: { [K in Kinds]: Kind<K> } = {
  config: {
    places: placesOfConfig,
    apply: applyToConfig,
    instructions: (from, to, { salt }) => configInstructions(from, to, { splits: "fewest_move", salt }),
    order: { place: '["rules","order"]', isExact: true },
  },
  definition: {
    places: (state) => placesOfDefinition(state.definition),
    apply: applyToDefinition,
    instructions: definitionInstructions,
    order: { place: '["variations","order"]', isExact: false },
  },
  members: { places: placesOfMembers, apply: applyToMembers, instructions: memberInstructions },
};

// A rule that one side has removed or added is one place, not two.
function groupOf(place: string, sides: readonly Places[]): string {
  const [name, id, part] = JSON.parse(place) as string[];
  if (name !== "rule" || part === undefined) return place;
  return sides.every((side) => side.has(place)) ? place : JSON.stringify([name, id]);
}

function valueIn(places: Places, group: string): Json | undefined {
  const [name, id, part] = JSON.parse(group) as string[];
  if (name !== "rule" || part !== undefined) return places.get(group);
  const [when, serve] = ["when", "serve"].map((each) => places.get(JSON.stringify([name, id, each])));
  return when === undefined ? undefined : ({ when, serve } as Json);
}

type Three = { readonly base: Places; readonly theirs: Places; readonly mine: Places };

function overlapsOf({ base, theirs, mine }: Three, orderPlace: string | undefined): Set<string> {
  const others = new Map(changesBetween(base, theirs).map((change) => [JSON.stringify(change.place), change]));
  const overlaps = new Set<string>();
  for (const change of changesBetween(base, mine)) {
    const place = JSON.stringify(change.place);
    const other = others.get(place);
    if (other && place !== orderPlace && !isSame(other.after, change.after))
      overlaps.add(groupOf(place, [base, theirs, mine]));
  }
  return overlaps;
}

const orderIn = (places: Places, place: string): string[] => (places.get(place) ?? []) as string[];

// Theirs, with what only I have changed, and what was chosen.
function mergedPlaces(three: Three, overlaps: ReadonlySet<string>, choices: Choices): Map<string, Json> {
  const { base, theirs, mine } = three;
  const merged = new Map(theirs);
  for (const change of changesBetween(base, mine)) {
    const place = JSON.stringify(change.place);
    const group = groupOf(place, [base, theirs, mine]);
    if (overlaps.has(group) && choices.get(group) !== "mine") continue;
    if (change.after === undefined) merged.delete(place);
    else merged.set(place, change.after);
  }
  // Chosen as mine, a rule is mine in both its parts.
  for (const group of overlaps) {
    if (choices.get(group) !== "mine" || (JSON.parse(group) as string[]).length !== 2) continue;
    for (const part of ["when", "serve"]) {
      const place = JSON.stringify([...(JSON.parse(group) as string[]), part]);
      const value = mine.get(place);
      if (value !== undefined && (JSON.parse(group) as string[])[0] === "rule") merged.set(place, value);
    }
  }
  return merged;
}

function isThere(merged: Places, place: string): (name: string) => boolean {
  const parts = place.startsWith('["rules"')
    ? (id: string) => ["rule", id, "when"]
    : (key: string) => ["variation", key];
  return (name) => merged.has(JSON.stringify(parts(name)));
}

/**
 * `base` is what the draft began with, `theirs` the present state. Undefined if my instructions do
 * not even fit their own base. `choices` are those that were made so far.
 */
export function rebase<K extends Kinds>(
  kind: K,
  base: StateOf<K>,
  theirs: StateOf<K>,
  mine: readonly InstructionOf<K>[],
  options: ApplyOptions,
  choices: Choices = new Map(),
): Rebased<K> | undefined {
  const { places, apply, instructions, order } = kinds[kind];
  if (mine.length === 0) return { hunks: [], instructions: [], result: theirs };
  const made = apply(base, [...mine], options);
  if ("refusal" in made) return undefined;
  const three = { base: places(base), theirs: places(theirs), mine: places(made.value) };
  const overlaps = overlapsOf(three, order?.place);
  const merged = mergedPlaces(three, overlaps, choices);
  if (order) mergeOrders(three, merged, order, overlaps, choices);
  const hunks = [...overlaps].map(
    (group): Hunk => ({
      place: parseJson(group) as string[],
      base: valueIn(three.base, group),
      theirs: valueIn(three.theirs, group),
      mine: valueIn(three.mine, group),
    }),
  );
  const replayed = hunks.length === 0 ? apply(theirs, [...mine], options) : undefined;
  if (
    replayed &&
    "value" in replayed &&
    isSameBut(places(replayed.value), merged, order?.isExact === false ? order.place : undefined)
  )
    return { hunks, instructions: mine, result: replayed.value };
  const list = instructions(three.theirs, merged, options);
  const result = list.length === 0 ? { value: theirs } : apply(theirs, list, options);
  return "value" in result ? { hunks, instructions: list, result: result.value } : undefined;
}

function isSameBut(a: Places, b: Places, except: string | undefined): boolean {
  return changesBetween(a, b).every(({ place }) => JSON.stringify(place) === except);
}

function mergeOrders(
  three: Three,
  merged: Map<string, Json>,
  order: { place: string; isExact: boolean },
  overlaps: Set<string>,
  choices: Choices,
): void {
  const { place, isExact } = order;
  const [base, theirs, mine] = [three.base, three.theirs, three.mine].map((places) => orderIn(places, place)) as [
    string[],
    string[],
    string[],
  ];
  const both = isExact ? mergeOrder(base, theirs, mine) : undefined;
  if (isExact && !both) overlaps.add(place);
  const isMine = choices.get(place) === "mine";
  const wanted = both ?? (isMine ? orderAs(mine, theirs) : orderAs(theirs, mine));
  merged.set(place, wanted.filter(isThere(merged, place)));
}
