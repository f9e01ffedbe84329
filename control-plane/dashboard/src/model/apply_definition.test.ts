import { expect, test } from "vitest";
import { applyToDefinition, applyToSegmentDefinition } from "./apply_definition";
import { applyToMembers } from "./apply_members";
import type { SegmentDefinition } from "./config";
import type { DefinitionInstruction, MemberInstruction } from "./instructions";
import { parseJson, SpelledNumber } from "./json";
import { colourFlag, colours, members } from "./testing_flags";

const state = { definition: colourFlag, configs: { production: colours } };
const apply = (...list: DefinitionInstruction[]) => applyToDefinition(state, list);
function made(...list: DefinitionInstruction[]) {
  const applied = apply(...list);
  if ("refusal" in applied) throw new Error(JSON.stringify(applied.refusal));
  return applied.value;
}
function refused(...list: DefinitionInstruction[]): string {
  const applied = apply(...list);
  return "refusal" in applied ? `${applied.refusal.pointer} ${applied.refusal.code}` : "accepted";
}

test("members of a definition are set", () => {
  const { definition } = made(
    { kind: "set_name", name: "Colours" },
    { kind: "set_description", description: "d" },
    { kind: "set_owner", owner: "web" },
    { kind: "set_lifetime", lifetime: "release" },
    { kind: "set_client", client: true },
    { kind: "set_track", track: true },
    { kind: "add_tags", tags: ["b", "a", "b"] },
    { kind: "remove_tags", tags: ["a", "z"] },
    { kind: "archive" },
  );
  expect(definition).toMatchObject({
    name: "Colours",
    description: "d",
    owner: "web",
    lifetime: "release",
    client: true,
    track: true,
    tags: ["b"],
    archived: true,
  });
  expect(made({ kind: "archive" }, { kind: "restore" }).definition.archived).toBe(false);
});

test("variations are added, changed, renamed everywhere and removed", () => {
  expect(
    made({ kind: "add_variation", variation: "pink", value: new SpelledNumber("1.0"), at: 1 }).definition.variations[1],
  ).toEqual({ key: "pink", value: new SpelledNumber("1.0") });
  expect(made({ kind: "set_value", variation: "red", value: "R" }).definition.variations[0]).toEqual({
    key: "red",
    value: "R",
  });
  const renamed = made({ kind: "rename_variation", variation: "blue", to: "navy" });
  expect(JSON.stringify(renamed.configs)).not.toContain("blue");
  expect(renamed.configs.production?.rules[0]?.serve).toEqual({
    split: { by: "targetingKey", hash: "murmur3", ranges: [[0, 10_000, "navy"]], otherwise: "red" },
  });
  const red = made({ kind: "rename_variation", variation: "red", to: "ruby" }).configs.production;
  expect([red?.off, red?.fallthrough]).toEqual(["ruby", { variation: "ruby" }]);
  expect(made({ kind: "rename_variation", variation: "blue", to: "blue" })).toEqual(state);
  expect(made({ kind: "remove_variation", variation: "green" }).definition.variations).toHaveLength(2);
});

test("next in a rule is no variation, even if one has that name", () => {
  const split = { ranges: [], otherwise: "next" } as const;
  const config = {
    ...colours,
    off: null,
    targets: [],
    rules: [{ id: "r", when: { all: [] }, serve: { split } }],
    fallthrough: { split: { ranges: [] } },
  };
  const flag = { ...colourFlag, variations: [{ key: "next", value: "n" }] };
  const applied = applyToDefinition({ definition: flag, configs: { e: config } }, [
    { kind: "rename_variation", variation: "next", to: "other" },
  ]);
  expect("value" in applied && applied.value.configs.e?.rules[0]?.serve).toEqual({ split });
  expect(
    "value" in
      applyToDefinition({ definition: flag, configs: { e: config } }, [
        { kind: "remove_variation", variation: "next" },
      ]),
  ).toBe(true);
});

test("every refusal has its place", () => {
  const table: [DefinitionInstruction, string][] = [
    [{ kind: "add_variation", variation: "red", value: 1 }, "/variation already_there"],
    [{ kind: "add_variation", variation: "next", value: 1 }, "/variation bad_key"],
    [{ kind: "add_variation", variation: "pink", value: 1, at: 4 }, "/at out_of_range"],
    [{ kind: "set_value", variation: "pink", value: 1 }, "/variation unknown_variation"],
    [{ kind: "rename_variation", variation: "red", to: "blue" }, "/to already_there"],
    [{ kind: "rename_variation", variation: "red", to: "next" }, "/to bad_key"],
    [{ kind: "remove_variation", variation: "red" }, "/variation still_served"],
    [{ kind: "add_tags", tags: Array.from({ length: 51 }, String) }, "/tags too_many"],
    [{ kind: "set_client", client: 1 as unknown as boolean }, "/client wrong_type"],
    [{ kind: "turn_on" } as unknown as DefinitionInstruction, "/kind unknown_kind"],
  ];
  for (const [instruction, place] of table) expect(refused(instruction)).toBe(`/instructions/0${place}`);
});

test("definitions of segments", () => {
  const segment: SegmentDefinition = {
    key: "s",
    name: "",
    description: "",
    tags: [],
    owner: "",
    client: false,
    archived: false,
  };
  const applied = applyToSegmentDefinition(segment, [
    { kind: "set_client", client: true },
    { kind: "add_tags", tags: ["x"] },
  ]);
  expect(applied).toEqual({ value: { ...segment, client: true, tags: ["x"] } });
});

test("members of segments", () => {
  const table: [MemberInstruction[], unknown][] = [
    [
      [{ kind: "add_included", values: ["cleo", "bob"] }],
      { included: [{ attribute: "targetingKey", values: ["alice", "bob", "cleo"] }] },
    ],
    [[{ kind: "remove_included", values: ["alice", "bob"] }], { included: [] }],
    [[{ kind: "replace_excluded", attribute: "email", values: [] }], { excluded: [] }],
    [
      [{ kind: "add_excluded", values: ["mallory"] }],
      { excluded: [members.excluded[0], { attribute: "targetingKey", values: ["mallory"] }] },
    ],
    [[{ kind: "replace_included", values: ["dan"] }], { included: [{ attribute: "targetingKey", values: ["dan"] }] }],
    [[{ kind: "remove_excluded", values: ["zoe"] }], members],
    [[{ kind: "add_rule", when: { any: [] }, at: 0 }], { rules: [{ when: { any: [] } }, ...members.rules] }],
    [
      [
        { kind: "add_rule", when: { any: [] } },
        { kind: "remove_rule", at: 0 },
      ],
      { rules: [members.rules[1], { when: { any: [] } }] },
    ],
    [[{ kind: "replace_rule", at: 1, when: { any: [] } }], { rules: [members.rules[0], { when: { any: [] } }] }],
  ];
  for (const [list, part] of table) expect(applyToMembers(members, list)).toMatchObject({ value: part as object });
  const empty = { included: [], excluded: [], rules: [] };
  const refusals: [MemberInstruction, string, string][] = [
    [{ kind: "remove_rule", at: 2 }, "/at", "out_of_range"],
    [{ kind: "add_rule", when: { any: [] }, at: 3 }, "/at", "out_of_range"],
    [{ kind: "add_rule", when: "plan is 'pro'" }, "/when", "bad_rule"],
    [{ kind: "add_rule", when: parseJson("7") as never }, "/when", "wrong_type"],
  ];
  for (const [one, place, code] of refusals)
    expect(applyToMembers(members, [one])).toMatchObject({ refusal: { pointer: `/instructions/0${place}`, code } });
  expect(applyToMembers(empty, [{ kind: "remove_rule", at: 0 }])).toMatchObject({ refusal: { code: "unknown_rule" } });
  const parsed = applyToMembers(empty, [{ kind: "add_rule", when: "never" }], { parseWhen: () => ({ any: [] }) });
  expect(parsed).toEqual({ value: { ...empty, rules: [{ when: { any: [] } }] } });
});
