// The slots of a split as a line of runs, and what becomes of each run when the shares change: the
// steps of layOut(), the same as in common/eval/rollout/slot_line.hpp and slot_handover.cpp.

/** Consecutive slots with one owner. A variation is a number; the caller knows their names. */
export type Run = { readonly variation: number; length: number };

export type SlotLine = {
  /** Maximal: neighbours have different variations. */
  readonly runs: readonly Run[];
  /** Per variation: slots wanted less slots held; adds up to 0. */
  readonly balance: readonly number[];
  /** The variation of the slots outside all ranges: its runs are not stored. */
  readonly implicit: number;
};

/** For each run, who gets how many of its slots, each variation once. */
export type Handover = Run[][];

// Pairs (slots, run) in ascending order, each as one number.
class SizedRuns {
  private static readonly scale = 2 ** 24;
  private readonly items: number[] = [];

  private find(slots: number, run: number): number {
    const key = slots * SizedRuns.scale + run;
    let low = 0;
    for (let high = this.items.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.items[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  insert(slots: number, run: number): void {
    const key = slots * SizedRuns.scale + run;
    const at = this.find(slots, run);
    if (this.items[at] !== key) this.items.splice(at, 0, key);
  }
  erase(slots: number, run: number): void {
    const at = this.find(slots, run);
    if (this.items[at] === slots * SizedRuns.scale + run) this.items.splice(at, 1);
  }
  private at(index: number): Sized | undefined {
    const key = this.items[index];
    return key === undefined ? undefined : { slots: Math.floor(key / SizedRuns.scale), run: key % SizedRuns.scale };
  }
  shift(): Sized | undefined {
    const first = this.at(0);
    this.items.shift();
    return first;
  }
  /** The largest with at most `slots` slots. */
  largestUpTo(slots: number): Sized | undefined {
    return this.at(this.find(slots + 1, 0) - 1);
  }
  largest(): Sized | undefined {
    return this.at(this.items.length - 1);
  }
}
type Sized = { readonly slots: number; readonly run: number };

function addPiece(pieces: Run[], variation: number, length: number): void {
  const same = pieces.find((piece) => piece.variation === variation);
  if (same) same.length += length;
  else pieces.push({ variation, length });
}

// Shifts boundaries while a loser lies beside a gainer, short runs first. When no boundary can be
// shifted, moves a whole run, or cuts one.
class GreedyTransfer {
  private readonly line: SlotLine;
  private readonly need: number[];
  private readonly surplus: number[];
  private readonly owned: SizedRuns[];
  private readonly out: Handover;
  private readonly left: number[];
  private readonly now: number[];
  private readonly queue = new SizedRuns();

  constructor(line: SlotLine) {
    this.line = line;
    this.need = line.balance.map((slots) => Math.max(0, slots));
    this.surplus = line.balance.map((slots) => Math.max(0, -slots));
    this.owned = line.balance.map(() => new SizedRuns());
    this.out = line.runs.map(() => []);
    this.left = line.runs.map((run) => run.length);
    this.now = line.runs.map((run) => run.variation);
    line.runs.forEach((run, i) => {
      if (this.gives(i)) this.owned[run.variation]?.insert(run.length, i);
      this.enqueue(i);
    });
  }

  run(): Handover {
    do {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.shiftBoundaries(next.run);
    } while (this.moveElsewhere());
    this.left.forEach((length, run) => {
      if (length > 0) this.out[run]?.push({ variation: this.owner(run), length });
    });
    return this.out;
  }

  private owner(run: number): number {
    return this.line.runs[run]?.variation ?? 0;
  }
  private gives(run: number): boolean {
    return (this.left[run] ?? 0) > 0 && (this.surplus[this.owner(run)] ?? 0) > 0;
  }
  private enqueue(run: number): void {
    const length = this.line.runs[run]?.length;
    if (length !== undefined && this.gives(run)) this.queue.insert(length, run);
  }
  private shiftBoundaries(run: number): void {
    for (const neighbour of [run - 1, run + 1]) {
      const to = this.now[neighbour];
      if (to !== undefined) this.give(run, to);
    }
  }

  // Gives `to` as much of the run as its owner can spare and `to` still needs.
  private give(run: number, to: number): void {
    const need = this.need[to] ?? 0;
    if (!this.gives(run) || need === 0) return;
    const from = this.owner(run);
    const left = this.left[run] ?? 0;
    const amount = Math.min(left, this.surplus[from] ?? 0, need);
    this.owned[from]?.erase(left, run);
    this.left[run] = left - amount;
    this.surplus[from] = (this.surplus[from] ?? 0) - amount;
    this.need[to] = need - amount;
    addPiece(this.out[run] ?? [], to, amount);
    if (left > amount) {
      this.owned[from]?.insert(left - amount, run);
      return;
    }
    this.now[run] = to;
    if (run > 0) this.enqueue(run - 1);
    this.enqueue(run + 1);
  }

  // Gives the variation that lacks most the longest run that it can take whole, else a part of the
  // longest run. False: none lacks anything.
  private moveElsewhere(): boolean {
    const most = Math.max(0, ...this.need);
    if (most === 0) return false;
    let whole: Sized | undefined;
    let longest: Sized | undefined;
    this.owned.forEach((runs, from) => {
      const surplus = this.surplus[from] ?? 0;
      const largest = surplus === 0 ? undefined : runs.largest();
      if (!largest) return;
      const fitting = runs.largestUpTo(Math.min(surplus, most));
      if (fitting && (!whole || fitting.slots > whole.slots)) whole = fitting;
      if (!longest || largest.slots > longest.slots) longest = largest;
    });
    const chosen = whole ?? longest;
    if (!chosen) return false;
    this.give(chosen.run, this.need.indexOf(most));
    return true;
  }
}

/** Slots go only from variations with a negative balance to those with a positive one. */
export function transferGreedily(line: SlotLine): Handover {
  return new GreedyTransfer(line).run();
}
