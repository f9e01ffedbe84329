// Flags and segments in the stored form that the admin API returns (docs/ruleset.md). All values
// are immutable; functions return new ones.

import type { Json } from "./json";

export type FlagType = "boolean" | "string" | "number" | "json";
export type Lifetime = "release" | "experiment" | "operational" | "permission";
export type Hash = "murmur3" | "djb2";

/** `value` has the flag's type; numbers in it keep their spelling. */
export type Variation = { readonly key: string; readonly value: Json };

/** Values of one attribute; `variation` is there in flags only. */
export type ValueList = { readonly attribute: string; readonly values: readonly string[] };
export type Target = ValueList & { readonly variation: string };

export type Comparison = {
  readonly attribute: string;
  readonly op: string;
  readonly values?: readonly Json[];
  readonly ignore_case?: boolean;
};
export type SegmentCondition = { readonly op: "in_segment" | "not_in_segment"; readonly values: readonly Json[] };
/** True for `from <= slot < to`, in slots of 0.001 %. */
export type Bucket = {
  readonly by?: string;
  readonly salt?: string;
  readonly hash?: Hash;
  readonly from: number;
  readonly to: number;
};
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly bucket: Bucket }
  | SegmentCondition
  | Comparison;

/** Slots `from <= slot < to` of 100,000 have the variation. */
export type Range = readonly [from: number, to: number, variation: string];
/** `otherwise`: a variation; in a rule also `next`, the next rule; missing where all slots are in ranges. */
export type Split = {
  readonly by?: string;
  readonly salt?: string;
  readonly hash?: Hash;
  readonly ranges: readonly Range[];
  readonly otherwise?: string;
};
export type Serve = { readonly variation: string } | { readonly split: Split };

export type Rule = { readonly id: string; readonly when: Condition; readonly serve: Serve };
export type Prerequisite = { readonly flag: string; readonly variations: readonly string[] };

/** A flag's configuration in one environment. `off` null: the caller's own default. */
export type FlagConfig = {
  readonly enabled: boolean;
  readonly off: string | null;
  readonly prerequisites: readonly Prerequisite[];
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  readonly fallthrough: Serve;
};

/** The part of a flag that is the same in every environment, as far as it can be edited. */
export type FlagDefinition = {
  readonly key: string;
  readonly type: FlagType;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly lifetime: Lifetime | null;
  readonly variations: readonly Variation[];
  readonly client: boolean;
  readonly track: boolean;
  readonly salt: string;
  readonly archived: boolean;
};

export type SegmentDefinition = {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly client: boolean;
  readonly archived: boolean;
};

export type SegmentRule = { readonly when: Condition };
/** A segment's members in one environment. */
export type SegmentMembers = {
  readonly included: readonly ValueList[];
  readonly excluded: readonly ValueList[];
  readonly rules: readonly SegmentRule[];
};

/** Limits of docs/ruleset.md that an editor shows before the server refuses. */
export const limits = {
  slots: 100_000,
  listValues: 100_000,
  stringBytes: 64 * 1024,
  contextBytes: 64 * 1024,
  rules: 500,
  variations: 100,
  instructions: 200,
  commentBytes: 1000,
  tags: 50,
};

/** What the attribute is where none is named. */
export const defaultAttribute = "targetingKey";

export function isSplit(serve: Serve): serve is { readonly split: Split } {
  return "split" in serve;
}

export function isSegmentCondition(condition: Condition): condition is SegmentCondition {
  return "op" in condition && (condition.op === "in_segment" || condition.op === "not_in_segment");
}

/** Whether `text` can be the key of a flag, segment, variation, rule or environment. */
export function isKey(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text);
}

const utf8 = new TextEncoder();

/** Bytes of a text as UTF-8, which is what limits count. */
export function byteLength(text: string): number {
  return utf8.encode(text).length;
}
