// What pages and the evaluator's worker say to each other.

import type { AnswerCells } from "./answers";
import type { PackedContexts } from "./contexts";

/** A mistake in what was given: `pointer` is the place in it, `item` another flag or segment. */
export type Finding = {
  readonly item: string;
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
};

export type ErrorCode =
  | "INVALID_ARGUMENT"
  | "INVALID_RULESET" // refused; the findings say where
  | "OUT_OF_MEMORY" // the worker was started again
  | "CANCELLED"
  | "RESTARTED" // the worker went away because of another call; the client asks again
  | "UNAVAILABLE" // the module could not be loaded, or the evaluator was closed
  | "INTERNAL";

export type Failure = { readonly code: ErrorCode; readonly detail: string; readonly findings: readonly Finding[] };

/** Numbers that the client gives to rulesets. */
export type Handle = number;

/** A configuration as the API takes it, conditions as text and weights included, instead of the flag's in `base`. */
export type DraftRecipe = {
  readonly base: Handle;
  readonly flag: string;
  readonly config: string; // JSON
  readonly environment: string; // its key, for findings of other flags
};
export type DraftResult = { readonly config: string; readonly warnings: readonly Finding[] };

export type Evaluation = {
  readonly ruleset: Handle;
  readonly flags: readonly string[];
  readonly contexts: PackedContexts;
  readonly now: number; // milliseconds since 1970
};
export type Explanation = {
  readonly ruleset: Handle;
  readonly flag: string;
  readonly context: string; // JSON
  readonly now: number;
};
export type Changes = { readonly before: AnswerCells; readonly after: AnswerCells; readonly changed: Uint32Array };

/** Line and column start at 1; columns count code points. */
export type Place = { readonly line: number; readonly column: number };
export type NodePlace = Place & { readonly pointer: string };
export type RuleMistake = Place & { readonly code: string; readonly detail: string };
export type ParsedRule =
  | {
      readonly when: string;
      readonly text: string;
      readonly places: readonly NodePlace[];
      readonly mistake?: undefined;
    }
  | { readonly mistake: RuleMistake };

/** Slots of 0.001 %: from <= slot < to. */
export type SlotRange = readonly [from: number, to: number, variation: string];
export type SplitRequest = {
  readonly present: string | undefined; // JSON of what is served now: {"variation":..} or {"split":..}
  readonly wanted: string; // JSON: {"split":{"weights":[..],..}}
  readonly salt: string; // the flag's
};

/** Of each request its parameter and its result. JSON is text: numbers keep their spelling. */
export type Calls = {
  load: [{ readonly handle: Handle; readonly text: string }, { readonly flags: readonly string[] }];
  draft: [DraftRecipe & { readonly handle: Handle }, DraftResult];
  free: [{ readonly handle: Handle }, null];
  evaluate: [Evaluation, AnswerCells];
  compare: [Evaluation & { readonly after: Handle }, Changes];
  explain: [Explanation, string];
  check: [{ readonly text: string }, readonly Finding[]];
  parseRule: [{ readonly text: string }, ParsedRule];
  printRule: [{ readonly when: string }, string];
  splitRanges: [SplitRequest, readonly SlotRange[]];
};
export type CallName = keyof Calls;
export type Parameter<N extends CallName> = Calls[N][0];
export type Outcome<N extends CallName> = Calls[N][1];

export type Request = {
  [N in CallName]: { readonly id: number; readonly call: N; readonly with: Parameter<N> };
}[CallName];
export type ToWorker = Request | { readonly cancel: number };

/** After `trapped` the worker answers nothing more. */
export type FromWorker =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure; readonly trapped?: boolean };

/** Why a call has no result. */
export class EvaluatorError extends Error {
  readonly code: ErrorCode;
  readonly findings: readonly Finding[];

  constructor({ code, detail, findings }: Failure) {
    super(detail);
    this.name = "EvaluatorError";
    this.code = code;
    this.findings = findings;
  }
}
