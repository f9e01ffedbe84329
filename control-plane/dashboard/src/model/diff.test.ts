import { expect, test } from "vitest";
import { applyToConfig } from "./apply_config";
import type { FlagConfig } from "./config";
import { diffConfigs, diffDefinitions, diffMembers, diffRules, movedElements } from "./diff";
import { configLines, diffLines, memberLines } from "./diff_text";
import type { ConfigInstruction } from "./instructions";
import type { Json } from "./json";
import { applyPatch, jsonPatch, pointerTokens, valueAt } from "./json_patch";
import { fc } from "./testing";
import { anyInstruction, colourFlag, colours, fitting, members, options } from "./testing_flags";

function edited(...list: ConfigInstruction[]): FlagConfig {
  const applied = applyToConfig(colours, list, options);
  if ("refusal" in applied) throw new Error(applied.refusal.detail);
  return applied.value;
}

test("places that differ", () => {
  expect(diffConfigs(colours, colours)).toEqual([]);
  const after = edited(
    { kind: "turn_off" },
    { kind: "add_targets", variation: "red", values: ["zoe"] },
    { kind: "remove_rule", rule: "r2" },
  );
  expect(diffConfigs(colours, after).map(({ place }) => place.join(" "))).toEqual([
    "enabled",
    "target targetingKey zoe",
    "rules order",
    "rule r2 when",
    "rule r2 serve",
  ]);
  expect(diffConfigs(colours, after)[1]).toEqual({
    place: ["target", "targetingKey", "zoe"],
    before: undefined,
    after: "red",
  });
  const renamed = { ...colourFlag, owner: "web", tags: ["b"], variations: colourFlag.variations.slice(1) };
  expect(diffDefinitions(colourFlag, renamed).map(({ place }) => place.join(" "))).toEqual([
    "owner",
    "tag b",
    "variations order",
    "tag a",
    "variation red",
  ]);
  expect(diffMembers(members, { ...members, included: [], rules: [] }).map(({ place }) => place.join(" "))).toEqual([
    "rules",
    "included targetingKey alice",
    "included targetingKey bob",
  ]);
});

test("what became of each rule", () => {
  const [first, second] = colours.rules as [FlagConfig["rules"][0], FlagConfig["rules"][0]];
  const third = { ...second, id: "r3" };
  const shown = (before: FlagConfig["rules"], after: FlagConfig["rules"]): string =>
    diffRules(before, after)
      .map(({ id, kind }) => `${id} ${kind}`)
      .join(", ");
  expect(shown([first, second, third], [third, first])).toBe("r2 removed, r3 same, r1 moved");
  expect(shown([first, second], [second])).toBe("r1 removed, r2 same");
  expect(shown([first], [third, { ...first, serve: { variation: "red" } }])).toBe("r3 added, r1 changed");
});

test("as few as possible are moved", () => {
  expect(movedElements(["a", "b", "c", "d"], ["d", "a", "b", "c"])).toEqual(["d"]);
  expect(movedElements(["a", "b", "c"], ["a", "x", "b", "c"])).toEqual([]);
  expect(movedElements(["a", "b"], ["b", "a"])).toHaveLength(1);
  expect(movedElements([], [])).toEqual([]);
});

test("JSON Patch from one value to another makes the other", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      expect(applyPatch(before as Json, jsonPatch(before as Json, after as Json))).toEqual(after);
    }),
  );
  fc.assert(
    fc.property(fc.array(anyInstruction, { maxLength: 6 }), (list) => {
      const kept = fitting(colours, list, (state, some) => applyToConfig(state, some, options));
      const after = kept.length === 0 ? colours : edited(...kept);
      expect(applyPatch(colours, jsonPatch(colours, after))).toEqual(after);
    }),
  );
  expect(jsonPatch({ a: [1, 2, 3], "b/c": 1 }, { a: [1, 3], "b/c": 2 })).toEqual([
    { op: "remove", path: "/a/1" },
    { op: "replace", path: "/b~1c", value: 2 },
  ]);
});

test("operations that name nothing", () => {
  const value = { a: [1], b: 1 };
  for (const path of ["/x/y", "/a/2", "/a/01", "/a/x", "/b/c", "a", "/a~2", "/a/1/x"])
    expect([path, applyPatch(value, [{ op: "replace", path, value: 0 }])]).toEqual([path, undefined]);
  expect(applyPatch(value, [{ op: "remove", path: "/x" }])).toBeUndefined();
  expect(
    applyPatch(value, [
      { op: "remove", path: "/a/1" },
      { op: "add", path: "/z", value: 1 },
    ]),
  ).toBeUndefined();
  expect(
    applyPatch(value, [
      { op: "add", path: "/a/-", value: 2 },
      { op: "remove", path: "/b" },
    ]),
  ).toEqual({ a: [1, 2] });
  expect(applyPatch(value, [{ op: "replace", path: "", value: 7 }])).toBe(7);
});

test("pointers", () => {
  expect(pointerTokens("/a~1b/~0/")).toEqual(["a/b", "~", ""]);
  expect([
    valueAt(colours, "/rules/0/id"),
    valueAt(colours, ""),
    valueAt(colours, "/rules/-1"),
    valueAt(colours, "/off/x"),
    valueAt(colours, "x"),
  ]).toEqual(["r1", colours, undefined, undefined, undefined]);
});

test("a configuration as text", () => {
  expect(configLines(colours)).toEqual([
    "on",
    "while off serve red",
    "requires p is on",
    'if targetingKey is "ann" serve blue',
    'if targetingKey is "bob" serve blue',
    "rule r1: if always",
    "  split by targetingKey: 10% blue, 90% red",
    "rule r2: if always",
    "  serve blue",
    "everyone else: serve red",
  ]);
  const other = edited(
    { kind: "set_off", variation: null },
    { kind: "turn_off" },
    {
      kind: "set_weights",
      rule: "r1",
      weights: [{ variation: "blue", weight: 5 }],
      otherwise: "next",
      salt: "s",
      hash: "djb2",
    },
  );
  expect(configLines(other).slice(0, 2)).toEqual(["off", "while off serve the caller's own default"]);
  expect(configLines(other)).toContain('  split by targetingKey salt "s" djb2: 5% blue, 95% next rule');
  expect(memberLines(members)).toEqual([
    'includes targetingKey in ["alice", "bob"]',
    'excludes email in ["m@x.org"]',
    "includes if always",
    'includes if plan is "pro"',
  ]);
});

test("the difference of lines gives both sides back, and is shortest", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(before, after);
      expect(diff.filter((line) => line.kind !== "added").map((line) => line.text)).toEqual(before);
      expect(diff.filter((line) => line.kind !== "removed").map((line) => line.text)).toEqual(after);
    }),
  );
  expect(diffLines(["a", "b", "c"], ["a", "x", "c"]).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    "same a",
    "removed b",
    "added x",
    "same c",
  ]);
  expect(diffLines(["a", "b", "c", "d"], ["b", "d", "a"]).filter((line) => line.kind === "same")).toHaveLength(2);
  const long = Array.from({ length: 2500 }, (_, i) => `x${i}`);
  expect(
    diffLines(
      long,
      long.map((line) => `${line}y`),
    ),
  ).toHaveLength(5000);
});
