// The split editor: percent fields that sum by themselves, the bar of all 100,000 slots, and who
// moves. Shares are in slots of 0.001 %.

import { defaultAttribute, isSplit, limits, type Range, type Serve, type Split } from "./config";
import { layOut, type Share, type SlotPlan } from "./split_layout";

/** Slots by variation, in the order in which they first stand; null: those that go on to the next rule. */
export type Shares = ReadonlyMap<string | null, number>;

/** Who gets what of a serve. `inRule`: `otherwise` may be `next`. */
export function planOf(serve: Serve, inRule: boolean): SlotPlan {
  if (!isSplit(serve)) return { ranges: [], otherwise: serve.variation };
  const { ranges, otherwise = null } = serve.split;
  return { ranges, otherwise: inRule && otherwise === "next" ? null : otherwise };
}

export function sharesOf(plan: SlotPlan): Shares {
  const shares = new Map<string | null, number>();
  let left: number = limits.slots;
  for (const [from, to, variation] of plan.ranges) {
    shares.set(variation, (shares.get(variation) ?? 0) + to - from);
    left -= to - from;
  }
  if (left > 0) shares.set(plan.otherwise, (shares.get(plan.otherwise) ?? 0) + left);
  return shares;
}

/** The whole bar, without gaps: the ranges, and between them what the remainder gets. */
export type Stretch = { readonly from: number; readonly to: number; readonly variation: string | null };
export function barOf(plan: SlotPlan, slots: number = limits.slots): Stretch[] {
  const bar: Stretch[] = [];
  let at = 0;
  const append = (to: number, variation: string | null): void => {
    const last = bar.at(-1);
    if (to > at && last?.variation === variation) bar[bar.length - 1] = { ...last, to };
    else if (to > at) bar.push({ from: at, to, variation });
    at = to;
  };
  for (const [from, to, variation] of plan.ranges) {
    append(from, plan.otherwise);
    append(to, variation);
  }
  append(slots, plan.otherwise);
  return bar;
}

/** The variation of one slot; null: the next rule. */
export function variationAt(plan: SlotPlan, slot: number): string | null {
  return plan.ranges.find(([from, to]) => from <= slot && slot < to)?.[2] ?? plan.otherwise;
}

/** How many slots go from one variation to another; stretches say which. */
export type Move = { readonly from: string | null; readonly to: string | null; readonly slots: number };
export type Movement = {
  readonly moved: number;
  readonly moves: readonly Move[];
  readonly stretches: readonly Moved[];
};
export type Moved = {
  readonly begin: number;
  readonly end: number;
  readonly from: string | null;
  readonly to: string | null;
};

/** What changes between two plans over the same slots; the largest moves first. */
export function movementOf(before: SlotPlan, after: SlotPlan): Movement {
  const stretches: Moved[] = [];
  const old = barOf(before);
  const now = barOf(after);
  let [i, j] = [0, 0];
  for (let at = 0; at < limits.slots; ) {
    const [held, got] = [old[i], now[j]];
    if (!held || !got) break;
    const end = Math.min(held.to, got.to);
    if (held.variation !== got.variation) stretches.push({ begin: at, end, from: held.variation, to: got.variation });
    if (held.to === end) i += 1;
    if (got.to === end) j += 1;
    at = end;
  }
  return { moved: stretches.reduce((sum, { begin, end }) => sum + end - begin, 0), moves: sumUp(stretches), stretches };
}

function sumUp(stretches: readonly Moved[]): Move[] {
  const moves = new Map<string, Move>();
  for (const { begin, end, from, to } of stretches) {
    const name = JSON.stringify([from, to]);
    moves.set(name, { from, to, slots: (moves.get(name)?.slots ?? 0) + end - begin });
  }
  return [...moves.values()].sort((a, b) => b.slots - a.slots);
}

/** Variations that lose slots by a change: what "nobody loses on" is about. */
export function losersOf(movement: Movement): (string | null)[] {
  return [...new Set(movement.moves.map((move) => move.from))];
}

/** Whether both are dealt by the same attribute, salt and hash; `salt` is the flag's. */
export function isSameBucketing(a: Split, b: Split, salt: string): boolean {
  return (
    (a.by ?? defaultAttribute) === (b.by ?? defaultAttribute) &&
    (a.salt ?? salt) === (b.salt ?? salt) &&
    (a.hash ?? "murmur3") === (b.hash ?? "murmur3")
  );
}

/**
 * The expected share of slots that change where everybody is dealt anew (another attribute, salt or
 * hash): one minus the chance that both give the same, rounded to a slot.
 */
export function dealtAnew(before: SlotPlan, after: SlotPlan): number {
  const held = sharesOf(before);
  let same = 0;
  for (const [variation, slots] of sharesOf(after))
    same += (slots / limits.slots) * ((held.get(variation) ?? 0) / limits.slots);
  return Math.round((1 - same) * limits.slots);
}

/** The weights of a split as `set_weights` takes them: what `otherwise` gets is the remainder. */
export function weightsOf(plan: SlotPlan): Share[] {
  const shares = [...sharesOf(plan)].flatMap(([variation, slots]) =>
    variation === null ? [] : [{ variation, slots }],
  );
  return shares.filter((share) => share.variation !== plan.otherwise);
}

/** The ranges that the server will store for new weights. Null plan: another bucketing, or none before. */
export function newRanges(present: SlotPlan | null, wanted: readonly Share[], otherwise: string | null): Range[] {
  return layOut(present, wanted, otherwise);
}
