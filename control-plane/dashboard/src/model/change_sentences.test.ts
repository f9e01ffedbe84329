import { expect, test } from "vitest";
import { applyToConfig } from "./apply_config";
import { applyToDefinition } from "./apply_definition";
import { applyToMembers } from "./apply_members";
import { describeConfig } from "./change_sentences";
import type { FlagConfig } from "./config";
import { describeDefinition, describeMembers } from "./definition_sentences";
import type { ConfigInstruction, DefinitionInstruction, MemberInstruction } from "./instructions";
import { quotedText } from "./phrases";
import { colourFlag, colours, members, options } from "./testing_flags";

const countries = { attribute: "country", op: "one_of", values: ["DE", "AT"], ignore_case: false };

function described(...list: ConfigInstruction[]): string[] {
  const applied = applyToConfig(colours, list, options);
  if ("refusal" in applied) throw new Error(applied.refusal.detail);
  return describeConfig(colours, applied.value).map(quotedText);
}

test("a change of a configuration, as the control plane says it", () => {
  const when = countries;
  expect(described({ kind: "turn_off" }, { kind: "set_off", variation: null })).toEqual([
    "Turns the flag off.",
    "While the flag is off, it serves the caller's own default instead of `red`.",
  ]);
  expect(
    described(
      { kind: "add_targets", variation: "blue", values: ["cleo"] },
      { kind: "remove_targets", variation: "blue", values: ["ann", "bob"] },
      { kind: "add_targets", variation: "red", attribute: "company", values: ["a", "b", "c", "d", "e", "f", "g"] },
    ),
  ).toEqual([
    "Adds 1 target of `blue`: `cleo`.",
    "Removes 2 targets of `blue`: `ann` and `bob`.",
    "Adds 7 targets of `red` by `company`: `a`, `b`, `c`, `d`, `e` and 2 more.",
  ]);
  expect(
    described({ kind: "remove_rule", rule: "r1" }, { kind: "add_rule", id: "x", when, serve: { variation: "green" } }),
  ).toEqual(["Removes rule 1 (`r1`).", 'Adds rule 2 (`x`): if country in ["DE", "AT"], it serves `green`.']);
  expect(described({ kind: "move_rule", rule: "r2", at: 0 }, { kind: "replace_rule", rule: "r2", when })).toHaveLength(
    2,
  );
  expect(described({ kind: "replace_rule", rule: "r2", when })).toEqual([
    'Rule 2 applies if country in ["DE", "AT"], instead of if always.',
  ]);
  expect(described({ kind: "set_weights", rule: "r1", weights: [{ variation: "blue", weight: 25 }] })).toEqual([
    "Rule 1 serves `blue` to 25 % instead of 10 %.",
    "Rule 1 serves `red` to 75 % instead of 90 %.",
  ]);
  expect(
    described({ kind: "set_weights", rule: "r1", weights: [{ variation: "blue", weight: 10 }], otherwise: "next" }),
  ).toEqual(["Rule 1 leaves to the next rule 90 % instead of 0 %.", "Rule 1 serves `red` to 0 % instead of 90 %."]);
  expect(
    described({ kind: "set_weights", rule: "r1", weights: [{ variation: "blue", weight: 10 }], by: "company" }),
  ).toEqual(["Rule 1 splits by `company` instead of `targetingKey`."]);
  expect(
    described({ kind: "set_weights", rule: "r1", weights: [{ variation: "blue", weight: 10 }], salt: "s" }),
  ).toEqual(["Rule 1 distributes everybody anew, by another salt or hash."]);
  expect(
    described({
      kind: "replace_rule",
      rule: "r1",
      serve: { split: { ranges: [[5, 10_005, "blue"]], otherwise: "red" } },
    }),
  ).toEqual(["Rule 1 serves the same shares to others than before."]);
  expect(described({ kind: "set_fallthrough", variation: "blue" })).toEqual([
    "The fallthrough serves `blue` instead of `red`.",
  ]);
  expect(described({ kind: "set_fallthrough", split: { ranges: [] } })).toEqual([
    "The fallthrough serves nothing instead of `red`.",
  ]);
  expect(
    described(
      { kind: "replace_prerequisite", flag: "p", variations: ["off"] },
      { kind: "add_prerequisite", flag: "q", variations: ["on"] },
    ),
  ).toEqual(["Requires that flag `p` serves `off` instead of `on`.", "Requires that flag `q` serves `on`."]);
  expect(described({ kind: "remove_prerequisite", flag: "p" })).toEqual(["No longer requires flag `p`."]);
  const split = {
    kind: "add_rule",
    id: "s",
    when: { all: [] },
    serve: { split: { ranges: [[0, 5000, "blue"]], otherwise: "next" } },
  } as const;
  expect(described(split)).toEqual(["Adds rule 3 (`s`): if always, it serves `blue` to 5 %."]);
  const two = {
    ...colours,
    prerequisites: [...colours.prerequisites, { flag: "q", variations: ["on"] }],
    targets: [{ ...colours.targets[0], values: ["bob", "ann"] }],
  } as FlagConfig;
  expect(
    describeConfig(two, { ...two, prerequisites: two.prerequisites.toReversed(), targets: colours.targets }).map(
      quotedText,
    ),
  ).toEqual(["Changes the order of the prerequisites.", "Changes the order of the targets."]);
});

test("changes of definitions and of segments", () => {
  const definition = (...list: DefinitionInstruction[]): string[] => {
    const applied = applyToDefinition({ definition: colourFlag, configs: {} }, list);
    return "value" in applied
      ? describeDefinition(colourFlag, applied.value.definition).map(quotedText)
      : [applied.refusal.detail];
  };
  expect(
    definition(
      { kind: "archive" },
      { kind: "set_name", name: "C" },
      { kind: "add_tags", tags: ["b", "c"] },
      { kind: "remove_tags", tags: ["a"] },
      { kind: "set_lifetime", lifetime: "release" },
      { kind: "set_client", client: true },
      { kind: "set_track", track: true },
    ),
  ).toEqual([
    "Archives the flag: no environment serves it any more.",
    "Sets the name to `C`.",
    "Adds the tags `b` and `c`.",
    "Removes the tags `a`.",
    "Sets the lifetime to `release`.",
    "Client keys may evaluate the flag.",
    "Asks for exposures of its evaluations.",
  ]);
  expect(
    definition(
      { kind: "rename_variation", variation: "red", to: "ruby" },
      { kind: "set_value", variation: "blue", value: "B" },
    ),
  ).toEqual(["Renames the variation `red` to `ruby`.", 'The variation `blue` has the value `"B"` instead of `"b"`.']);
  expect(
    definition(
      { kind: "remove_variation", variation: "red" },
      { kind: "add_variation", variation: "pink", value: { a: 1 } },
    ),
  ).toEqual(['Adds the variation `pink` with the value `{"a":1}`.', "Removes the variation `red`."]);
  const named = { ...colourFlag, owner: "web", description: "x", client: true, track: true, archived: true };
  expect(
    describeDefinition(named, {
      ...named,
      owner: "",
      description: "y",
      client: false,
      track: false,
      archived: false,
      tags: ["a"],
      variations: colourFlag.variations.toReversed(),
    }).map(quotedText),
  ).toEqual([
    "Restores the flag: every environment serves it again.",
    "Changes the description to `y` from `x`.",
    "Removes the owner `web`.",
    "Changes the order of the variations.",
    "Client keys may no longer evaluate the flag.",
    "No longer asks for exposures of its evaluations.",
  ]);
  expect(describeDefinition({ ...named, tags: ["a", "b"] }, { ...named, tags: ["b", "a"] }).map(quotedText)).toEqual([
    "Changes the order of the tags.",
  ]);
  const segment = (...list: MemberInstruction[]): string[] => {
    const applied = applyToMembers(members, list);
    return "value" in applied ? describeMembers(members, applied.value).map(quotedText) : [applied.refusal.detail];
  };
  expect(
    segment(
      { kind: "add_included", values: ["cleo"] },
      { kind: "remove_excluded", attribute: "email", values: ["m@x.org"] },
      { kind: "remove_rule", at: 0 },
      { kind: "add_rule", when: { any: [] } },
    ),
  ).toEqual([
    "Includes 1 value: `cleo`.",
    "No longer excludes 1 value by `email`: `m@x.org`.",
    "Removes rule 1: always.",
    "Adds rule 2: never.",
  ]);
  expect(
    describeMembers(members, {
      ...members,
      included: [{ attribute: "targetingKey", values: ["bob", "alice"] }],
      rules: members.rules.toReversed(),
    }).map(quotedText),
  ).toEqual(["Changes the order of listed values.", "Changes the order or number of the rules."]);
});
