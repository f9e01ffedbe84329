// Contexts by ranges of attributes: every combination, or as many random ones as are asked for.

import { defaultAttribute } from "./config";
import { type Context, mostContexts } from "./contexts";
import { type Json, setMember } from "./json";

/** What an attribute takes: each of some values, integers from..to, or numbered texts "user-1".. */
export type AttributeRange =
  | { readonly attribute: string; readonly values: readonly Json[] }
  | { readonly attribute: string; readonly from: number; readonly to: number; readonly step?: number }
  | { readonly attribute: string; readonly prefix: string; readonly count: number };

export type GenerateError = {
  readonly attribute: string;
  readonly code: "empty" | "bad_range" | "duplicate" | "too_many";
};

function valuesOf(range: AttributeRange): Json[] | GenerateError["code"] {
  if ("values" in range) return range.values.length === 0 ? "empty" : [...range.values];
  if ("prefix" in range) {
    if (!Number.isInteger(range.count) || range.count < 1) return "bad_range";
    return range.count > mostContexts
      ? "too_many"
      : Array.from({ length: range.count }, (_, i) => `${range.prefix}${i + 1}`);
  }
  const { from, to, step = 1 } = range;
  if (![from, to, step].every(Number.isFinite) || step <= 0 || from > to) return "bad_range";
  const count = Math.floor((to - from) / step) + 1;
  return count > mostContexts ? "too_many" : Array.from({ length: count }, (_, i) => from + i * step);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function contextOf(
  ranges: readonly (readonly [string, readonly Json[]])[],
  pick: (count: number, i: number) => number,
): Context {
  const context: Record<string, Json> = {};
  ranges.forEach(([attribute, values], i) => {
    setMember(context, attribute, values[pick(values.length, i)] ?? null);
  });
  return context;
}

/**
 * All combinations where they are at most `count`, otherwise `count` random ones, which are the same
 * for the same seed. The first attribute changes slowest. Without a range for the targeting key,
 * each context gets its own: "user-1", "user-2", ..
 */
export function generateContexts(
  ranges: readonly AttributeRange[],
  count: number,
  seed = 1,
): readonly Context[] | GenerateError {
  const read: [string, Json[]][] = [];
  for (const range of ranges) {
    const { attribute } = range;
    const values = valuesOf(range);
    if (typeof values === "string") return { attribute, code: values };
    if (read.some(([name]) => name === attribute)) return { attribute, code: "duplicate" };
    read.push([attribute, values]);
  }
  const wanted = Math.min(count, mostContexts);
  const all = read.reduce((product, [, values]) => product * values.length, 1);
  const random = seeded(seed);
  const hasKey = read.some(([name]) => name === defaultAttribute);
  const made = Array.from({ length: Math.min(all, wanted) }, (_, index) => {
    if (all > wanted) return contextOf(read, (length) => Math.floor(random() * length));
    let rest = index;
    const places = read.map(() => 0);
    for (let i = read.length - 1; i >= 0; i -= 1) {
      const length = read[i]?.[1].length ?? 1;
      places[i] = rest % length;
      rest = Math.floor(rest / length);
    }
    return contextOf(read, (_length, i) => places[i] ?? 0);
  });
  return hasKey ? made : made.map((context, i) => ({ [defaultAttribute]: `user-${i + 1}`, ...context }));
}
