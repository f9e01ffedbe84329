// Answers of many evaluations in few numbers: what the worker sends, and how it is read.

/** Four numbers per answer, as fanion_cell of wasm/workbench.h: variation, value, decided, what. */
export const cellSize = 4;
const decidedByFlag = 1 << 16;

const reasons = ["STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "ERROR"] as const;
const errors = [undefined, "FLAG_NOT_FOUND", "INVALID_CONTEXT", "TARGETING_KEY_MISSING"] as const;

export type Reason = (typeof reasons)[number];
export type EvaluationError = NonNullable<(typeof errors)[number]>;

export type Answer = {
  /** Without one, the application's own default counts. */
  readonly variation?: string;
  /** JSON, numbers as they were spelled. */
  readonly value?: string;
  readonly reason: Reason;
  readonly error?: EvaluationError;
  /** The id of the rule that served. */
  readonly rule?: string;
  /** The flag of the prerequisite that is not fulfilled. */
  readonly prerequisite?: string;
};

/** `cells` has the answers to the first context for each flag, then those to the second, .. */
export type AnswerCells = { readonly names: readonly string[]; readonly cells: Int32Array<ArrayBuffer> };

/** Answers of `contexts` × `flags`. */
export class Answers {
  readonly flags: readonly string[];
  readonly contexts: number;
  readonly #names: readonly string[];
  readonly #cells: Int32Array;

  constructor(flags: readonly string[], { names, cells }: AnswerCells) {
    this.flags = flags;
    this.contexts = flags.length === 0 ? 0 : cells.length / cellSize / flags.length;
    this.#names = names;
    this.#cells = cells;
  }

  at(context: number, flag: number): Answer {
    const start = (context * this.flags.length + flag) * cellSize;
    const [variation = -1, value = -1, decided = -1, what = 0] = this.#cells.subarray(start, start + cellSize);
    const decider = this.#names[decided];
    const error = errors[(what >> 8) & 0xff];
    return {
      reason: reasons[what & 0xff] ?? "ERROR",
      ...(variation >= 0 && { variation: this.#names[variation] }),
      ...(value >= 0 && { value: this.#names[value] }),
      ...(error && { error }),
      ...(decider !== undefined && (what & decidedByFlag ? { prerequisite: decider } : { rule: decider })),
    };
  }

  /** The variation alone, for counting; undefined is the application's own default. */
  variation(context: number, flag: number): string | undefined {
    return this.#names[this.#cells[(context * this.flags.length + flag) * cellSize] ?? -1];
  }
}

/** Joins answers of parts, whose names differ, in their order. */
export class AnswerJoiner {
  readonly names: string[] = [];
  readonly cells: Int32Array<ArrayBuffer>;
  readonly #numbers = new Map<string, number>();
  #at = 0;

  constructor(answers: number) {
    this.cells = new Int32Array(answers * cellSize);
  }

  add(part: AnswerCells): void {
    const numbers = part.names.map((name) => this.#number(name));
    for (let i = 0; i < part.cells.length; i += cellSize) {
      for (let j = 0; j < 3; ++j) this.cells[this.#at++] = numbers[part.cells[i + j] ?? -1] ?? -1;
      this.cells[this.#at++] = part.cells[i + 3] ?? 0;
    }
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** Which answers differ in variation or value: their numbers, in ascending order. Names may differ. */
export function differing(before: AnswerCells, after: AnswerCells): Uint32Array<ArrayBuffer> {
  const numbers = new Map(before.names.map((name, number) => [name, number]));
  const same = after.names.map((name) => numbers.get(name) ?? -2);
  const found: number[] = [];
  for (let i = 0; i < before.cells.length; i += cellSize) {
    const differs = [0, 1].some((j) => {
      const number = after.cells[i + j] ?? -1;
      return before.cells[i + j] !== (number < 0 ? -1 : same[number]);
    });
    if (differs) found.push(i / cellSize);
  }
  return new Uint32Array(found);
}
