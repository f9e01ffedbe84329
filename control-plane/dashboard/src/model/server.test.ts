import { expect, test } from "vitest";
import { applyToConfig } from "./apply_config";
import { configChange } from "./as_instructions";
import { describeConfig } from "./change_sentences";
import type { FlagConfig } from "./config";
import { changesBetween, placesOfConfig } from "./diff";
import type { ConfigInstruction } from "./instructions";
import { quotedText } from "./phrases";
import vectors from "./server.vectors.json";
import { options } from "./testing_flags";

// Random instructions as a control plane answered them (PATCH with ?dry_run=true): the result with the
// sentences about it, or the first finding.
type Vector = {
  readonly base: FlagConfig;
  readonly instructions: ConfigInstruction[];
  readonly result?: FlagConfig;
  readonly changes?: string[];
  readonly pointer?: string;
  readonly code?: string;
  readonly detail?: string;
};
const all = vectors as unknown as Vector[];

test("instructions have the result that the control plane stores, and its sentences", () => {
  const made = all.filter((vector) => vector.result !== undefined);
  expect(made.length).toBeGreaterThan(40);
  for (const { base, instructions, result, changes } of made) {
    expect(applyToConfig(base, instructions, options)).toEqual({ value: result });
    expect(describeConfig(base, result as FlagConfig).map(quotedText)).toEqual(changes);
  }
});

test("refusals have its place, code and words", () => {
  const refused = all.filter((vector) => vector.code !== undefined);
  expect(refused.length).toBeGreaterThan(40);
  for (const { base, instructions, pointer, code, detail } of refused)
    expect(applyToConfig(base, instructions, options)).toEqual({ refusal: { pointer, code, detail } });
});

test("each recorded change can be taken back and done again from its difference", () => {
  for (const { base, result } of all) {
    if (!result) continue;
    for (const [from, to] of [
      [base, result],
      [result, base],
    ] as const) {
      const list = configChange(from, to, { splits: "keep", salt: options.salt });
      const applied = list.length === 0 ? { value: from } : applyToConfig(from, list, options);
      expect("value" in applied && changesBetween(placesOfConfig(applied.value), placesOfConfig(to))).toEqual([]);
    }
  }
});
