// What the worker does with each message, apart from being a worker. One call after the other, in the order in which they came;
// a long one lets messages in between its parts, so that it can be cancelled.

import { type AnswerCells, AnswerJoiner, differing } from "./answers";
import {
  type CallName,
  type Changes,
  type Evaluation,
  EvaluatorError,
  type Failure,
  type FromWorker,
  type Handle,
  type Outcome,
  type Parameter,
  type Request,
  type ToWorker,
} from "./protocol";
import { type LoadedRuleset, Workbench } from "./workbench";

const answersPerPart = 2_000; // some 15 ms

type Post = (message: FromWorker, transfer: Transferable[]) => void;
type Handlers = { [N in CallName]: (parameter: Parameter<N>, id: number) => Outcome<N> | Promise<Outcome<N>> };

export class EvaluatorService {
  readonly #post: Post;
  readonly #workbench: Promise<Workbench>;
  readonly #rulesets = new Map<Handle, LoadedRuleset>();
  readonly #cancelled = new Set<number>();
  readonly #waiting = new Set<number>();
  #last: Promise<void> = Promise.resolve();
  #trapped = false;

  constructor(module: Promise<WebAssembly.Module>, post: Post) {
    this.#post = post;
    this.#workbench = module.then((compiled) => Workbench.start(compiled));
    this.#workbench.catch(() => undefined); // told to each call
  }

  receive(message: ToWorker): void {
    if ("cancel" in message) {
      if (this.#waiting.has(message.cancel)) this.#cancelled.add(message.cancel);
      return;
    }
    this.#waiting.add(message.id);
    this.#last = this.#last.then(() => this.#answer(message));
  }

  /** Settles when everything received so far has been answered. */
  idle(): Promise<void> {
    return this.#last;
  }

  async #answer(request: Request): Promise<void> {
    if (this.#trapped) return;
    const { id } = request;
    try {
      await otherMessages(); // a cancellation may be among them
      this.#stopIfCancelled(id);
      const handler = this.#handlers[request.call] as (parameter: unknown, id: number) => unknown;
      const result = await handler(request.with, id);
      this.#post({ id, result }, buffersOf(result));
    } catch (error) {
      this.#trapped = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
      this.#post({ id, failure: failureOf(error), ...(this.#trapped && { trapped: true }) }, []);
    } finally {
      this.#waiting.delete(id);
      this.#cancelled.delete(id);
    }
  }

  readonly #handlers: Handlers = {
    load: async ({ handle, text }) => {
      const loaded = (await this.#ready()).load(text);
      this.#rulesets.set(handle, loaded);
      return { flags: loaded.flags };
    },
    draft: ({ handle, base, flag, config, environment }) => {
      const { ruleset, ...result } = this.#ruleset(base).draft(flag, config, environment);
      this.#rulesets.set(handle, ruleset);
      return result;
    },
    free: ({ handle }) => {
      this.#rulesets.get(handle)?.free();
      this.#rulesets.delete(handle);
      return null;
    },
    evaluate: (evaluation, id) => this.#evaluate(evaluation, id),
    compare: async (evaluation, id): Promise<Changes> => {
      const before = await this.#evaluate(evaluation, id);
      const after = await this.#evaluate({ ...evaluation, ruleset: evaluation.after }, id);
      return { before, after, changed: differing(before, after) };
    },
    explain: ({ ruleset, flag, context, now }) => {
      checkTime(now);
      return this.#ruleset(ruleset).explain(flag, context, now);
    },
    check: async ({ text }) => (await this.#ready()).check(text),
    parseRule: async ({ text }) => (await this.#ready()).parseRule(text),
    printRule: async ({ when }) => (await this.#ready()).printRule(when),
    splitRanges: async (split) => (await this.#ready()).splitRanges(split),
  };

  async #evaluate({ ruleset, flags, contexts, now }: Evaluation, id: number): Promise<AnswerCells> {
    const loaded = this.#ruleset(ruleset);
    checkTime(now);
    const count = contexts.sizes.length;
    const joiner = new AnswerJoiner(count * flags.length);
    const step = Math.max(1, Math.floor(answersPerPart / Math.max(1, flags.length)));
    for (let from = 0; from < count; from += step) {
      if (from > 0) await otherMessages();
      this.#stopIfCancelled(id);
      joiner.add(loaded.evaluate(contexts, from, Math.min(count, from + step), flags, now));
    }
    return { names: joiner.names, cells: joiner.cells };
  }

  #ruleset(handle: Handle): LoadedRuleset {
    const found = this.#rulesets.get(handle);
    if (found) return found;
    throw new EvaluatorError({ code: "INVALID_ARGUMENT", detail: "this ruleset is not loaded", findings: [] });
  }

  async #ready(): Promise<Workbench> {
    try {
      return await this.#workbench;
    } catch (error) {
      const detail = `the evaluator's module could not be loaded: ${error instanceof Error ? error.message : error}`;
      throw new EvaluatorError({ code: "UNAVAILABLE", detail, findings: [] });
    }
  }

  #stopIfCancelled(id: number): void {
    if (!this.#cancelled.has(id)) return;
    throw new EvaluatorError({ code: "CANCELLED", detail: "the call was cancelled", findings: [] });
  }
}

function checkTime(now: number): void {
  if (Number.isSafeInteger(now)) return;
  throw new EvaluatorError({ code: "INVALID_ARGUMENT", detail: `${now} is no time in milliseconds`, findings: [] });
}

/** Comes back after the messages that wait. */
function otherMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function failureOf(error: unknown): Failure {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return { code: "OUT_OF_MEMORY", detail: "the evaluator has run out of memory", findings: [] };
  }
  const { code, findings } = error as Partial<Failure>;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === undefined || findings === undefined) return { code: "INTERNAL", detail, findings: [] };
  // The message of the module's errors begins with their code.
  return { code, detail: detail.startsWith(`${code}: `) ? detail.slice(code.length + 2) : detail, findings };
}

// The memory of numbers in a result goes with the message instead of being copied.
function buffersOf(result: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(result)) return [result.buffer as ArrayBuffer];
  if (typeof result !== "object" || result === null || Array.isArray(result)) return [];
  return Object.values(result).flatMap(buffersOf);
}
