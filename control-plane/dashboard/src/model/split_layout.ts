// Changes the shares of a split so that as few users as possible get another variation: the same
// ranges, slot by slot, as common/eval/rollout/ranges.hpp computes on the server. That file says what
// is promised. The server computes the ranges that are stored; these are for showing them before.

import { limits, type Range } from "./config";
import { arrange } from "./split_arrange";
import { type Run, transferGreedily } from "./split_line";

/** Which slot has which variation; `otherwise` null: slots outside all ranges go on to the next rule. */
export type SlotPlan = { readonly ranges: readonly Range[]; readonly otherwise: string | null };
export type Share = { readonly variation: string; readonly slots: number };

const noVariation = 0;

class VariationNumbers {
  private readonly names: (string | null)[] = [null];
  private readonly index = new Map<string, number>();
  of(variation: string | null): number {
    if (variation === null) return noVariation;
    const held = this.index.get(variation);
    if (held !== undefined) return held;
    this.index.set(variation, this.names.length);
    return this.names.push(variation) - 1;
  }
  nameOf(variation: number): string {
    return this.names[variation] ?? "";
  }
  get size(): number {
    return this.names.length;
  }
}

function runsOf(plan: SlotPlan, numbers: VariationNumbers, slots: number): Run[] {
  const runs: Run[] = [];
  const append = (variation: number, length: number): void => {
    const last = runs.at(-1);
    if (length > 0 && last?.variation === variation) last.length += length;
    else if (length > 0) runs.push({ variation, length });
  };
  const otherwise = numbers.of(plan.otherwise);
  let at = 0;
  for (const [from, to, variation] of plan.ranges) {
    append(otherwise, from - at);
    append(numbers.of(variation), to - from);
    at = to;
  }
  append(otherwise, slots - at);
  return runs;
}

function rangesOf(pieces: readonly Run[], implicit: number, numbers: VariationNumbers): Range[] {
  const ranges: Range[] = [];
  let at = 0;
  for (const { variation, length } of pieces) {
    const from = at;
    at += length;
    if (variation === implicit || variation === noVariation || length === 0) continue;
    const name = numbers.nameOf(variation);
    const last = ranges.at(-1);
    if (last && last[1] === from && last[2] === name) ranges[ranges.length - 1] = [last[0], at, name];
    else ranges.push([from, at, name]);
  }
  return ranges;
}

/**
 * `wanted` names each variation once; its slots add up to at most `slots`, and the remainder goes to
 * `otherwise` (null: the next rule). Without `present` the shares are laid out one after the other.
 */
export function layOut(
  present: SlotPlan | null,
  wanted: readonly Share[],
  otherwise: string | null,
  slots: number = limits.slots,
): Range[] {
  const numbers = new VariationNumbers();
  const pieces: Run[] = wanted.map((share) => ({ variation: numbers.of(share.variation), length: share.slots }));
  const given = wanted.reduce((sum, share) => sum + share.slots, 0);
  const implicit = numbers.of(otherwise);
  pieces.push({ variation: implicit, length: slots - given });
  if (!present) return rangesOf(pieces, implicit, numbers);
  const runs = runsOf(present, numbers, slots);
  const balance = new Array<number>(numbers.size).fill(0);
  const add = (variation: number, length: number): void => {
    balance[variation] = (balance[variation] ?? 0) + length;
  };
  for (const piece of pieces) add(piece.variation, piece.length);
  for (const run of runs) add(run.variation, -run.length);
  const handover = transferGreedily({ runs, balance, implicit });
  // arrange() breaks ties by the order within the handover: that of `wanted`, the implicit one last.
  const rank = (run: Run): number => (run.variation === implicit ? numbers.size : run.variation);
  for (const parts of handover) parts.sort((a, b) => rank(a) - rank(b));
  return rangesOf(arrange(handover, implicit), implicit, numbers);
}
