// The evaluator for pages: calls that are answered by the worker. One for the whole page.
//
//     const evaluator = new EvaluatorClient(spawnWorker);
//     const saved = await evaluator.load(text);                            // ruleset?form=plain
//     const { ruleset: draft } = await evaluator.draft(saved, { flag, config, environment });
//     const { changed } = await evaluator.compare(saved, draft, { flags: [flag], contexts, now });
//
// Calls reject with EvaluatorError; an AbortSignal cancels them. After a trap (memory is exhausted) the call that caused it rejects
// and a new worker takes the place of the old; rulesets are loaded into it again when they are next used.

import { Answers } from "./answers";
import { Channel, type WorkerLike } from "./channel";
import { packContexts } from "./contexts";
import {
  type DraftRecipe,
  type DraftResult,
  type ErrorCode,
  EvaluatorError,
  type Finding,
  type ParsedRule,
  type SlotRange,
  type SplitRequest,
} from "./protocol";

const maxTries = 5;

export type Options = { readonly signal?: AbortSignal | undefined };
export type Question = {
  readonly flags: readonly string[];
  readonly contexts: readonly string[];
  readonly now: number;
};
export type ChangedAnswers = {
  readonly before: Answers;
  readonly after: Answers;
  /** Answers that differ in variation or value: context × flags + flag. */
  readonly changed: Uint32Array;
};

/** A ruleset in the worker. `free` it when it is no longer needed. */
export class RulesetRef {
  readonly flags: readonly string[];
  readonly recipe: { readonly text: string } | (Omit<DraftRecipe, "base"> & { readonly base: RulesetRef });
  handle = 0;
  generation = 0; // of the worker that has it

  constructor(recipe: RulesetRef["recipe"], flags: readonly string[]) {
    this.recipe = recipe;
    this.flags = flags;
  }
}

export class EvaluatorClient {
  readonly #channel: Channel;
  #nextHandle = 1;

  constructor(spawn: () => WorkerLike) {
    this.#channel = new Channel(spawn);
  }

  /** Compiles a ruleset in the plain form. */
  async load(text: string, options: Options = {}): Promise<RulesetRef> {
    const made = await this.#making((handle) => this.#channel.call("load", { handle, text }, options));
    return this.#placed(new RulesetRef({ text }, made.result.flags), made.handle);
  }

  /** A ruleset with another configuration of one flag; the configuration as it would be stored; the checks' warnings. */
  async draft(
    base: RulesetRef,
    draft: Omit<DraftRecipe, "base">,
    options: Options = {},
  ): Promise<DraftResult & { readonly ruleset: RulesetRef }> {
    const { handle, result } = await this.#making((made) =>
      this.#using([base], ([at = 0]) => this.#channel.call("draft", { ...draft, base: at, handle: made }, options)),
    );
    return { ...result, ruleset: this.#placed(new RulesetRef({ ...draft, base }, base.flags), handle) };
  }

  free(ruleset: RulesetRef): void {
    const isThere = ruleset.generation === this.#channel.generation;
    if (isThere) this.#channel.call("free", { handle: ruleset.handle }).catch(() => undefined);
    ruleset.generation = -1;
  }

  /** Evaluates all flags for all contexts, each a JSON text. */
  async evaluate(ruleset: RulesetRef, question: Question, options: Options = {}): Promise<Answers> {
    const { flags, now } = question;
    const cells = await this.#using([ruleset], ([at = 0]) =>
      this.#channel.call("evaluate", { ruleset: at, flags, now, contexts: packContexts(question.contexts) }, options),
    );
    return new Answers(flags, cells);
  }

  /** What would change with `after` instead of `before`. */
  async compare(
    before: RulesetRef,
    after: RulesetRef,
    question: Question,
    options: Options = {},
  ): Promise<ChangedAnswers> {
    const { flags, now } = question;
    const changes = await this.#using([before, after], ([first = 0, second = 0]) => {
      const contexts = packContexts(question.contexts);
      return this.#channel.call("compare", { ruleset: first, after: second, flags, now, contexts }, options);
    });
    return {
      before: new Answers(flags, changes.before),
      after: new Answers(flags, changes.after),
      changed: changes.changed,
    };
  }

  /** An answer with its explanation as JSON (docs/explain.md). */
  explain(
    ruleset: RulesetRef,
    { flag, context, now }: { readonly flag: string; readonly context: string; readonly now: number },
    options: Options = {},
  ): Promise<string> {
    return this.#using([ruleset], ([at = 0]) =>
      this.#channel.call("explain", { ruleset: at, flag, context, now }, options),
    );
  }

  /** Likely mistakes in a ruleset in the plain form (docs/checks.md). */
  check(text: string, options: Options = {}): Promise<readonly Finding[]> {
    return this.#using([], () => this.#channel.call("check", { text }, options));
  }

  /** A condition's text as its tree, or what is wrong with it. */
  parseRule(text: string, options: Options = {}): Promise<ParsedRule> {
    return this.#using([], () => this.#channel.call("parseRule", { text }, options));
  }

  /** The canonical text of a condition's tree, given as JSON. */
  printRule(when: string, options: Options = {}): Promise<string> {
    return this.#using([], () => this.#channel.call("printRule", { when }, options));
  }

  /** The ranges of a split's weights, with which the fewest users move. */
  splitRanges(split: SplitRequest, options: Options = {}): Promise<readonly SlotRange[]> {
    return this.#using([], () => this.#channel.call("splitRanges", split, options));
  }

  /** Ends the worker. Calls that wait reject. */
  close(): void {
    this.#channel.close();
  }

  #placed(ruleset: RulesetRef, handle: number): RulesetRef {
    ruleset.handle = handle;
    ruleset.generation = this.#channel.generation;
    return ruleset;
  }

  // Makes a ruleset under a new handle. One that a cancelled call made nevertheless is freed.
  async #making<T>(make: (handle: number) => Promise<T>): Promise<{ handle: number; result: T }> {
    const handle = this.#nextHandle++;
    try {
      return { handle, result: await this.#again(() => make(handle)) };
    } catch (error) {
      if (isFailure(error, "CANCELLED")) this.#channel.call("free", { handle }).catch(() => undefined);
      throw error;
    }
  }

  // Calls with the handles of rulesets, loading those first that an earlier worker had.
  #using<T>(rulesets: readonly RulesetRef[], ask: (handles: number[]) => Promise<T>): Promise<T> {
    return this.#again(async () => {
      for (const ruleset of rulesets) await this.#ensure(ruleset);
      return ask(rulesets.map(({ handle }) => handle));
    });
  }

  // Asks once more each time that another call has ended the worker.
  async #again<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; ++tries) {
      try {
        return await ask();
      } catch (error) {
        if (tries === maxTries || !isFailure(error, "RESTARTED")) throw error;
      }
    }
  }

  async #ensure(ruleset: RulesetRef): Promise<void> {
    if (ruleset.generation === this.#channel.generation) return;
    if (ruleset.generation < 0) {
      throw new EvaluatorError({ code: "INVALID_ARGUMENT", detail: "the ruleset has been freed", findings: [] });
    }
    const handle = this.#nextHandle++;
    const { recipe } = ruleset;
    if ("text" in recipe) {
      await this.#channel.call("load", { handle, text: recipe.text });
    } else {
      await this.#ensure(recipe.base);
      await this.#channel.call("draft", { ...recipe, base: recipe.base.handle, handle });
    }
    this.#placed(ruleset, handle);
  }
}

function isFailure(error: unknown, code: ErrorCode): boolean {
  return error instanceof EvaluatorError && error.code === code;
}
