import { expect, test } from "vitest";
import { applyToConfig } from "./apply_config";
import { applyToDefinition } from "./apply_definition";
import { applyToMembers } from "./apply_members";
import { configChange, definitionInstructions, memberChange } from "./as_instructions";
import type { FlagConfig } from "./config";
import { changesBetween, placesOfConfig, placesOfDefinition, placesOfMembers } from "./diff";
import type { ConfigInstruction, DefinitionInstruction } from "./instructions";
import { mergeOrder, orderAs } from "./merge_order";
import { type Choices, rebase, type Side } from "./rebase";
import { fc } from "./testing";
import { anyInstruction, anyMemberInstruction, colourFlag, colours, fitting, members, options } from "./testing_flags";

const apply = (state: FlagConfig, list: readonly ConfigInstruction[]) => applyToConfig(state, list, options);
function made(...list: ConfigInstruction[]): FlagConfig {
  const applied = list.length === 0 ? { value: colours } : apply(colours, list);
  if ("refusal" in applied) throw new Error(applied.refusal.detail);
  return applied.value;
}
const onTop = (theirs: ConfigInstruction[], mine: ConfigInstruction[], choices?: Choices) =>
  rebase("config", colours, made(...theirs), mine, options, choices);
const choose = (place: string[], side: Side): Choices => new Map([[JSON.stringify(place), side]]);

const always = { all: [] };
const rule = (id: string, at: object): ConfigInstruction => ({
  kind: "add_rule",
  id,
  when: always,
  serve: { variation: "green" },
  ...at,
});
const several = fc.array(anyInstruction, { maxLength: 5 }).map((list) => fitting(colours, list, apply));

test("where nothing overlaps, it is the same in either order, and silent", () => {
  let silent = 0;
  fc.assert(
    fc.property(several, several, (mine, theirs) => {
      const first = onTop(theirs, mine);
      const second = onTop(mine, theirs);
      expect(first?.hunks.map(({ place }) => place).sort()).toEqual(second?.hunks.map(({ place }) => place).sort());
      if (!first || !second || first.hunks.length > 0) return;
      silent += 1;
      expect(changesBetween(placesOfConfig(first.result), placesOfConfig(second.result))).toEqual([]);
      if (first.instructions.length > 0)
        expect(apply(made(...theirs), first.instructions)).toEqual({ value: first.result });
    }),
    { numRuns: 300 },
  );
  expect(silent).toBeGreaterThan(30);
});

test("any choice is what the result has, and the instructions make it of theirs", () => {
  fc.assert(
    fc.property(several, several, fc.constantFrom<Side>("theirs", "mine"), (mine, theirs, side) => {
      const { hunks = [] } = onTop(theirs, mine) ?? {};
      const choices = new Map(hunks.map(({ place }) => [JSON.stringify(place), side]));
      const rebased = onTop(theirs, mine, choices);
      expect(rebased).toBeDefined();
      if (!rebased || rebased.instructions.length === 0) return;
      expect(apply(made(...theirs), rebased.instructions)).toEqual({ value: rebased.result });
    }),
    { numRuns: 200 },
  );
});

test("both add the same rule, at different places: the order is a hunk, and either can be chosen", () => {
  const [theirs, mine] = [[rule("x", { at: 0 })], [rule("x", {})]];
  expect(onTop(theirs, mine)?.hunks.map(({ place }) => place)).toEqual([["rules", "order"]]);
  const ids = (side: Side) =>
    onTop(theirs, mine, new Map([['["rules","order"]', side]]))?.result.rules.map(({ id }) => id);
  expect(ids("theirs")).toEqual(["x", "r1", "r2"]);
  expect(ids("mine")).toEqual(["r1", "r2", "x"]);
});

test("no overlap: my instructions go on theirs as they are", () => {
  const mine: ConfigInstruction[] = [{ kind: "turn_off" }, { kind: "add_targets", variation: "red", values: ["zoe"] }];
  const rebased = onTop([{ kind: "set_off", variation: "blue" }, rule("x", {})], mine);
  expect(rebased).toMatchObject({ hunks: [], instructions: mine, result: { enabled: false, off: "blue" } });
  expect(onTop([{ kind: "turn_off" }], [{ kind: "turn_off" }])?.hunks).toEqual([]);
  expect(onTop([{ kind: "turn_off" }], [])).toMatchObject({ hunks: [], instructions: [], result: { enabled: false } });
});

test("both set another percentage: a hunk, and a choice that moves as few as possible from theirs", () => {
  const weights = (percent: number): ConfigInstruction[] => [
    { kind: "set_weights", rule: "r1", weights: [{ variation: "blue", weight: percent }] },
  ];
  const rebased = onTop(weights(50), weights(25));
  expect(rebased?.hunks.map(({ place }) => place)).toEqual([["rule", "r1", "serve"]]);
  expect(rebased?.hunks[0]).toMatchObject({
    base: colours.rules[0]?.serve,
    mine: { split: { ranges: [[0, 25_000, "blue"]] } },
  });
  expect(rebased?.instructions).toEqual([]);
  const chosen = onTop(weights(50), weights(25), choose(["rule", "r1", "serve"], "mine"));
  expect(chosen?.instructions).toEqual([
    { kind: "set_weights", rule: "r1", weights: [{ variation: "blue", weight: 25 }], otherwise: "red" },
  ]);
  expect(chosen?.result.rules[0]?.serve).toMatchObject({ split: { ranges: [[25_000, 50_000, "blue"]] } });
});

test("a rule that one removed and the other changed is one hunk", () => {
  const changed: ConfigInstruction[] = [{ kind: "replace_rule", rule: "r2", serve: { variation: "green" } }];
  const removed: ConfigInstruction[] = [{ kind: "remove_rule", rule: "r2" }];
  const place = ["rule", "r2"];
  expect(onTop(changed, removed)?.hunks).toMatchObject([
    { place, theirs: { serve: { variation: "green" } }, mine: undefined },
  ]);
  expect(onTop(changed, removed, choose(place, "mine"))?.result.rules.map(({ id }) => id)).toEqual(["r1"]);
  expect(onTop(removed, changed)?.result.rules.map(({ id }) => id)).toEqual(["r1"]);
  expect(onTop(removed, changed, choose(place, "mine"))?.result.rules).toEqual(made(...changed).rules);
});

test("two new rules at one place: whose comes first is a choice", () => {
  const place = ["rules", "order"];
  const ids = (choices?: Choices) => onTop([rule("y", {})], [rule("x", {})], choices)?.result.rules.map(({ id }) => id);
  expect(onTop([rule("y", {})], [rule("x", {})])?.hunks).toMatchObject([{ place, mine: ["r1", "r2", "x"] }]);
  expect(ids()).toEqual(["r1", "r2", "x", "y"]);
  expect(ids(choose(place, "mine"))).toEqual(["r1", "r2", "y", "x"]);
  expect(onTop([rule("y", { at: 0 })], [rule("x", {})])).toMatchObject({
    hunks: [],
    result: { rules: [{ id: "y" }, {}, {}, { id: "x" }] },
  });
  expect(onTop([{ kind: "remove_rule", rule: "r2" }], [rule("x", { before: "r2" })])).toMatchObject({
    hunks: [],
    result: { rules: [{ id: "r1" }, { id: "x" }] },
  });
});

test("orders that two have changed", () => {
  const merge = (base: string, theirs: string, mine: string) => mergeOrder([...base], [...theirs], [...mine])?.join("");
  expect(merge("abc", "axbc", "abcy")).toBe("axbcy");
  expect(merge("abc", "abxc", "abyc")).toBeUndefined();
  expect(merge("abc", "cab", "ab")).toBe("cab");
  expect(merge("abc", "ab", "cab")).toBe("cab");
  expect(merge("abc", "cab", "abcx")).toBeUndefined();
  expect(merge("abc", "abcx", "cab")).toBeUndefined();
  expect(merge("abc", "cab", "bac")).toBeUndefined();
  expect(merge("abc", "cab", "cab")).toBe("cab");
  expect(merge("abc", "abxc", "abxcy")).toBe("abxcy");
  expect(orderAs(["a", "b"], ["z", "a", "x", "b"])).toEqual(["z", "a", "x", "b"]);
});

test("instructions that do not fit their own base", () => {
  expect(onTop([], [{ kind: "remove_rule", rule: "zzz" }])).toBeUndefined();
});

test("a difference as instructions makes exactly the other", () => {
  fc.assert(
    fc.property(several, several, (a, b) => {
      const [from, to] = [made(...a), made(...b)];
      const list = configChange(from, to, { splits: "keep", salt: "c" });
      const applied = list.length === 0 ? { value: from } : apply(from, list);
      expect("value" in applied && changesBetween(placesOfConfig(applied.value), placesOfConfig(to))).toEqual([]);
    }),
  );
});

const severalMembers = fc
  .array(anyMemberInstruction, { maxLength: 5 })
  .map((list) => fitting(members, list, applyToMembers));

test("members of a segment: either order, and differences as instructions", () => {
  const after = (list: Parameters<typeof applyToMembers>[1]) => {
    const applied = list.length === 0 ? { value: members } : applyToMembers(members, list);
    return "value" in applied ? applied.value : members;
  };
  fc.assert(
    fc.property(severalMembers, severalMembers, (mine, theirs) => {
      const [first, second] = [
        rebase("members", members, after(theirs), mine, options),
        rebase("members", members, after(mine), theirs, options),
      ];
      expect(first?.hunks.length).toBe(second?.hunks.length);
      if (first && second && first.hunks.length === 0)
        expect(changesBetween(placesOfMembers(first.result), placesOfMembers(second.result))).toEqual([]);
      const list = memberChange(after(mine), after(theirs));
      const applied = list.length === 0 ? { value: after(theirs) } : applyToMembers(after(mine), list);
      expect(
        "value" in applied && changesBetween(placesOfMembers(applied.value), placesOfMembers(after(theirs))),
      ).toEqual([]);
    }),
  );
});

test("definitions: silent, or a choice", () => {
  const state = { definition: colourFlag, configs: { production: colours } };
  const after = (...list: DefinitionInstruction[]) => {
    const applied = applyToDefinition(state, list);
    if ("refusal" in applied) throw new Error(applied.refusal.detail);
    return applied.value;
  };
  const theirs = after(
    { kind: "add_variation", variation: "pink", value: "p" },
    { kind: "set_owner", owner: "web" },
    { kind: "remove_tags", tags: ["a"] },
  );
  const mine: DefinitionInstruction[] = [
    { kind: "rename_variation", variation: "blue", to: "navy" },
    { kind: "add_tags", tags: ["b"] },
  ];
  const rebased = rebase("definition", state, theirs, mine, options);
  expect(rebased).toMatchObject({
    hunks: [],
    instructions: mine,
    result: { definition: { owner: "web", tags: ["b"] } },
  });
  const owner: DefinitionInstruction[] = [
    { kind: "set_owner", owner: "me" },
    ...mine,
    { kind: "archive" },
    { kind: "set_value", variation: "red", value: "R" },
  ];
  expect(rebase("definition", state, theirs, owner, options)?.hunks).toMatchObject([
    { place: ["owner"], theirs: "web", mine: "me" },
  ]);
  const chosen = rebase("definition", state, theirs, owner, options, choose(["owner"], "mine"));
  expect(chosen?.result.definition).toMatchObject({ owner: "me", archived: true });
  expect(chosen?.result.definition.variations.map(({ key }) => key).sort()).toEqual(["green", "navy", "pink", "red"]);
  const fewer = after({ kind: "remove_variation", variation: "green" }, { kind: "archive" });
  const back = definitionInstructions(placesOfDefinition(fewer.definition), placesOfDefinition(colourFlag));
  expect(back).toEqual([{ kind: "restore" }, { kind: "add_variation", variation: "green", value: "g", at: 2 }]);
  const again = definitionInstructions(
    placesOfDefinition(colourFlag),
    placesOfDefinition({ ...fewer.definition, tags: [] }),
  );
  expect(again).toEqual([
    { kind: "archive" },
    { kind: "remove_tags", tags: ["a"] },
    { kind: "remove_variation", variation: "green" },
  ]);
});
