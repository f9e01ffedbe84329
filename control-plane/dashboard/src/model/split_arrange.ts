// The order of the pieces within each run of a handover, so that as many as possible stand beside a
// neighbour of the same variation; the same as in common/eval/rollout/slot_line.cpp.

import type { Handover, Run } from "./split_line";

// The cheapest order of all runs up to one, given which of its pieces comes last. A cost is a number
// of stored ranges.
type Ending = { readonly cost: number; readonly first: number; readonly previous: number };
const impossible: Ending = { cost: Number.MAX_SAFE_INTEGER, first: 0, previous: 0 };

// The cheapest way to reach a run when its piece of `variation`, number `first`, comes first.
function cheapestBefore(
  before: readonly Ending[] | undefined,
  pieces: readonly Run[],
  variation: number,
  first: number,
  implicit: number,
): Ending {
  if (!before) return { cost: 0, first, previous: 0 };
  let best = impossible;
  before.forEach((ending, previous) => {
    const merges = variation !== implicit && pieces[previous]?.variation === variation;
    const cost = ending.cost - (merges ? 1 : 0);
    if (cost < best.cost) best = { cost, first, previous };
  });
  return best;
}

function endingsOf(handover: Handover, run: number, before: readonly Ending[] | undefined, implicit: number): Ending[] {
  const pieces = handover[run] ?? [];
  const stored = pieces.filter((piece) => piece.variation !== implicit).length;
  const endings = pieces.map(() => impossible);
  pieces.forEach((piece, first) => {
    const reached = cheapestBefore(before, handover[run - 1] ?? [], piece.variation, first, implicit);
    const ending = { ...reached, cost: reached.cost + stored };
    endings.forEach((held, last) => {
      const isPossible = first !== last || pieces.length === 1;
      if (isPossible && ending.cost < held.cost) endings[last] = ending;
    });
  });
  return endings;
}

type Order = { readonly first: number; readonly last: number };

// Of equally cheap orders, the one whose last piece comes last in the handover.
function traceBack(endings: readonly (readonly Ending[])[]): Order[] {
  const final = endings.at(-1) ?? [];
  let last = final.length - 1;
  for (let i = final.length - 1; i >= 0; i -= 1) if ((final[i]?.cost ?? 0) < (final[last]?.cost ?? 0)) last = i;
  const orders: Order[] = [];
  for (let run = endings.length - 1; run >= 0; run -= 1) {
    const { first, previous } = endings[run]?.[last] ?? impossible;
    orders[run] = { first, last };
    last = previous;
  }
  return orders;
}

/** Neighbours in the result may have the same variation. */
export function arrange(handover: Handover, implicit: number): Run[] {
  const endings: Ending[][] = [];
  for (const run of handover.keys()) endings.push(endingsOf(handover, run, endings[run - 1], implicit));
  return traceBack(endings).flatMap(({ first, last }, run) => {
    const pieces = handover[run] ?? [];
    const inner = pieces.filter((_piece, i) => i !== first && i !== last);
    const ends = [pieces[first], pieces[last]].filter((piece): piece is Run => piece !== undefined);
    return first === last ? ends.slice(0, 1) : [...ends.slice(0, 1), ...inner, ...ends.slice(1)];
  });
}
