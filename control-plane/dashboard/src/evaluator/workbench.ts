// The functions of wasm/workbench.h and sdk/c/c_api.h with TypeScript's types. One thread. A RuntimeError is a trap: memory is
// exhausted, and the instance is of no more use.

import { Instance } from "../../../../sdk/wasm/fanion.mjs";
import { compileRe2 } from "../../../../sdk/wasm/re2_syntax.mjs";
import { type AnswerCells, cellSize } from "./answers";
import type { PackedContexts } from "./contexts";
import type { DraftResult, Finding, NodePlace, ParsedRule, RuleMistake, SlotRange, SplitRequest } from "./protocol";

const noFlag = 0xffffffff;
const bytesOf = (numbers: Uint32Array) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** A ruleset that has been compiled, in the module's memory until `free`. */
export class LoadedRuleset {
  readonly #instance: Instance;
  readonly #workbench: number;
  readonly #ruleset: number;
  readonly #indices: ReadonlyMap<string, number>;

  /** `indices`: those of its flags, if they are known. */
  constructor(instance: Instance, workbench: number, indices?: ReadonlyMap<string, number>) {
    this.#instance = instance;
    this.#workbench = workbench;
    this.#ruleset = call(instance, "fanion_workbench_ruleset")(workbench);
    this.#indices = indices ?? new Map(this.#keys().map((key, index) => [key, index]));
  }

  /** The keys of its flags, in their order. */
  get flags(): readonly string[] {
    return [...this.#indices.keys()];
  }

  /** It with another configuration of one flag. Needs this one no longer. */
  draft(flag: string, config: string, environment: string): DraftResult & { ruleset: LoadedRuleset } {
    const make = call(this.#instance, "fanion_workbench_draft");
    const { object, reply } = withObject(this.#instance, [flag, config, environment], (passed, out, answer) =>
      make(this.#workbench, ...passed, out, answer),
    );
    const { warnings } = JSON.parse(reply) as { warnings: Finding[] };
    // Its numbers keep their spelling. No text within has this, because its quotes would be escaped.
    const stored = reply.slice('{"config":'.length, reply.lastIndexOf(',"warnings":['));
    return { ruleset: new LoadedRuleset(this.#instance, object, this.#indices), config: stored, warnings };
  }

  /** Answers to contexts `from` to `to`. */
  evaluate(contexts: PackedContexts, from: number, to: number, flags: readonly string[], now: number): AnswerCells {
    const instance = this.#instance;
    const sizes = contexts.sizes.subarray(from, to);
    const before = contexts.sizes.subarray(0, from).reduce((sum, size) => sum + size, 0);
    const bytes = contexts.bytes.subarray(before, before + sizes.reduce((sum, size) => sum + size, 0));
    const indices = Uint32Array.from(flags, (flag) => this.#indices.get(flag) ?? noFlag);
    const numbers = sizes.length * indices.length * cellSize;
    const cells = instance.allocate(numbers * Int32Array.BYTES_PER_ELEMENT);
    try {
      const all = call(instance, "fanion_evaluate_all");
      const reply = instance.call([bytes, bytesOf(sizes), bytesOf(indices)], (...passed) => {
        const [data = 0, , sizesAt = 0, , indicesAt = 0] = passed;
        const inputs = [this.#ruleset, data, sizesAt, sizes.length, indicesAt, indices.length, BigInt(now)];
        return all(...inputs, cells, instance.reply);
      });
      const { names } = JSON.parse(reply) as { names: string[] };
      return { names, cells: new Int32Array(instance.exports.memory.buffer, cells, numbers).slice() };
    } finally {
      call(instance, "free")(cells);
    }
  }

  /** An answer and how it came about, as JSON (docs/explain.md). */
  explain(flag: string, context: string, now: number): string {
    const explain = call(this.#instance, "fanion_explain");
    return this.#instance.call([flag, context], (...passed) =>
      explain(this.#ruleset, ...passed, BigInt(now), this.#instance.reply),
    );
  }

  free(): void {
    call(this.#instance, "fanion_workbench_free")(this.#workbench);
  }

  #keys(): string[] {
    const instance = this.#instance;
    const size = instance.allocate(4);
    const keyAt = call(instance, "fanion_ruleset_flag_key");
    try {
      const count = call(instance, "fanion_ruleset_flag_count")(this.#ruleset);
      return Array.from({ length: count }, (_, index) => {
        const data = keyAt(this.#ruleset, index, size);
        return instance.read(data, instance.pointerAt(size));
      });
    } finally {
      call(instance, "free")(size);
    }
  }
}

export class Workbench {
  readonly #instance: Instance;

  private constructor(instance: Instance) {
    this.#instance = instance;
  }

  static async start(module: WebAssembly.Module): Promise<Workbench> {
    return new Workbench(await new Instance().start(module, compileRe2));
  }

  /** Compiles a ruleset in the plain form. */
  load(text: string): LoadedRuleset {
    const make = call(this.#instance, "fanion_workbench_create");
    const { object } = withObject(this.#instance, [text], (passed, out, reply) => make(...passed, out, reply));
    return new LoadedRuleset(this.#instance, object);
  }

  /** Likely mistakes in a ruleset in the plain form that compiles (docs/checks.md). */
  check(text: string): Finding[] {
    return (JSON.parse(this.#ask("fanion_check", text)) as { warnings: Finding[] }).warnings;
  }

  parseRule(text: string): ParsedRule {
    const reply = this.#ask("fanion_rule_parse", text);
    const read = JSON.parse(reply) as { error?: RuleMistake; text: string; places: NodePlace[] };
    if (read.error) return { mistake: read.error };
    const when = reply.slice('{"when":'.length, reply.indexOf(',"text":"')); // as in draft()
    return { when, text: read.text, places: read.places };
  }

  /** The canonical text of a condition's tree, given as JSON. */
  printRule(when: string): string {
    return (JSON.parse(this.#ask("fanion_rule_print", when)) as { text: string }).text;
  }

  splitRanges({ present, wanted, salt }: SplitRequest): SlotRange[] {
    return (JSON.parse(this.#ask("fanion_split_ranges", present, wanted, salt)) as { ranges: SlotRange[] }).ranges;
  }

  #ask(name: string, ...texts: (string | undefined)[]): string {
    const ask = call(this.#instance, name);
    return this.#instance.call(texts, (...passed) => ask(...passed, this.#instance.reply));
  }
}

function call(instance: Instance, name: string): (...inputs: (number | bigint)[]) => number {
  const found = instance.exports[name];
  if (!found) throw new Error(`the module has no ${name}`);
  return found;
}

// Calls a function that makes an object, whose address it writes to `out`.
function withObject(
  instance: Instance,
  texts: string[],
  make: (passed: number[], out: number, reply: number) => number,
): { object: number; reply: string } {
  const out = instance.allocate(4);
  try {
    const reply = instance.call(texts, (...passed) => make(passed, out, instance.reply));
    return { object: instance.pointerAt(out), reply };
  } finally {
    call(instance, "free")(out);
  }
}
