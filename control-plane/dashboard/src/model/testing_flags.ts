// A flag, and random configurations and instructions, for tests.

import type { ApplyOptions } from "./apply_config";
import type { Condition, FlagConfig, FlagDefinition, SegmentMembers } from "./config";
import type { ConfigInstruction, MemberInstruction, ServeInput } from "./instructions";
import { fc } from "./testing";

const always: Condition = { all: [] };

export const colours: FlagConfig = {
  enabled: true,
  off: "red",
  prerequisites: [{ flag: "p", variations: ["on"] }],
  targets: [{ attribute: "targetingKey", values: ["ann", "bob"], variation: "blue" }],
  rules: [
    {
      id: "r1",
      when: always,
      serve: { split: { by: "targetingKey", hash: "murmur3", ranges: [[0, 10_000, "blue"]], otherwise: "red" } },
    },
    { id: "r2", when: always, serve: { variation: "blue" } },
  ],
  fallthrough: { variation: "red" },
};

export const colourFlag: FlagDefinition = {
  key: "c",
  type: "string",
  name: "",
  description: "",
  tags: ["a"],
  owner: "",
  lifetime: null,
  client: false,
  track: false,
  variations: [
    { key: "red", value: "r" },
    { key: "blue", value: "b" },
    { key: "green", value: "g" },
  ],
  salt: "c",
  archived: false,
};

export const options: ApplyOptions = { salt: "c", variations: ["red", "blue", "green"], makeRuleId: () => "r-new" };

export const members: SegmentMembers = {
  included: [{ attribute: "targetingKey", values: ["alice", "bob"] }],
  excluded: [{ attribute: "email", values: ["m@x.org"] }],
  rules: [{ when: always }, { when: { attribute: "plan", op: "is", values: ["pro"], ignore_case: false } }],
};

const variation = fc.constantFrom("red", "blue", "green");
const value = fc.constantFrom("ann", "bob", "cleo", "dan");
const attribute = fc.constantFrom("targetingKey", "company");
const ruleId = fc.constantFrom("r1", "r2", "x1", "x2", "x3");
const when: fc.Arbitrary<Condition> = fc.constantFrom<Condition>(
  always,
  { attribute: "country", op: "one_of", values: ["DE", "AT"], ignore_case: false },
  { not: { op: "in_segment", values: ["staff"] } },
);
const weights = fc.tuple(fc.nat(50_000), fc.nat(50_000)).map(([a, b]) => [
  { variation: "blue", weight: a / 1000 },
  { variation: "green", weight: b / 1000 },
]);
const serve: fc.Arbitrary<ServeInput> = fc.oneof(
  variation.map((name) => ({ variation: name })),
  weights.map((given) => ({ split: { weights: given, otherwise: "red" } })),
);
const position = fc.oneof(
  fc.constant({}),
  fc.nat(3).map((at) => ({ at })),
  ruleId.map((after) => ({ after })),
  ruleId.map((before) => ({ before })),
);

/** Any instruction; many do not fit the present state. */
export const anyInstruction: fc.Arbitrary<ConfigInstruction> = fc.oneof(
  fc.constantFrom<ConfigInstruction>({ kind: "turn_on" }, { kind: "turn_off" }),
  fc
    .record({ id: ruleId, when, serve, position })
    .map(({ position: at, ...rule }): ConfigInstruction => ({ kind: "add_rule", ...rule, ...at })),
  fc.record({ kind: fc.constant("replace_rule" as const), rule: ruleId, serve }),
  fc.record({ kind: fc.constant("replace_rule" as const), rule: ruleId, when }),
  fc.record({ kind: fc.constant("remove_rule" as const), rule: ruleId }),
  fc
    .record({ rule: ruleId, position })
    .map(({ rule, position: at }): ConfigInstruction => ({ kind: "move_rule", rule, ...at })),
  fc.record({ kind: fc.constant("set_weights" as const), rule: ruleId, weights, otherwise: variation }),
  fc.record({ kind: fc.constant("set_weights" as const), weights, otherwise: fc.constant("red") }),
  fc.record({ kind: fc.constant("set_fallthrough" as const), variation }),
  fc.record({ kind: fc.constant("set_off" as const), variation: fc.option(variation) }),
  fc.record({
    kind: fc.constantFrom("add_targets" as const, "remove_targets" as const, "replace_targets" as const),
    variation,
    attribute,
    values: fc.uniqueArray(value, { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constantFrom("add_prerequisite" as const, "replace_prerequisite" as const),
    flag: fc.constantFrom("p", "q"),
    variations: fc.constant(["off"]),
  }),
  fc.record({ kind: fc.constant("remove_prerequisite" as const), flag: fc.constantFrom("p", "q") }),
);

export const anyMemberInstruction: fc.Arbitrary<MemberInstruction> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      "add_included" as const,
      "remove_included" as const,
      "replace_included" as const,
      "add_excluded" as const,
      "remove_excluded" as const,
    ),
    attribute,
    values: fc.uniqueArray(value, { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant("add_rule" as const), when }),
  fc.record({ kind: fc.constant("replace_rule" as const), when, at: fc.nat(2) }),
  fc.record({ kind: fc.constant("remove_rule" as const), at: fc.nat(2) }),
);

/** Those of the instructions that can be applied one after the other. */
export function fitting<I, S>(
  state: S,
  list: readonly I[],
  apply: (state: S, list: readonly I[]) => { value: S } | { refusal: unknown },
): I[] {
  const kept: I[] = [];
  for (const instruction of list) if ("value" in apply(state, [...kept, instruction])) kept.push(instruction);
  return kept;
}
