import { expect, test } from "vitest";
import { applyToConfig } from "./apply_config";
import type { FlagConfig } from "./config";
import type { ConfigInstruction } from "./instructions";
import { configKinds } from "./instructions";
import { parseJson, writeJson } from "./json";
import { colours, options } from "./testing_flags";

const list = (text: string): ConfigInstruction[] => parseJson(`[${text}]`) as unknown as ConfigInstruction[];

function made(text: string): FlagConfig {
  const applied = applyToConfig(colours, list(text), options);
  if ("refusal" in applied) throw new Error(JSON.stringify(applied.refusal));
  return applied.value;
}
function refused(text: string): string {
  const applied = applyToConfig(colours, list(`{"kind":"turn_on"},${text}`), options);
  return "refusal" in applied ? `${applied.refusal.pointer} ${applied.refusal.code}` : "accepted";
}
const ids = (text: string): string =>
  made(text)
    .rules.map((rule) => rule.id)
    .join(" ");
const json = (value: unknown): string => writeJson(value as never);

// The tables below are those of tests/unit/control-plane/flags/instructions_test.cpp.

test("turn_on and turn_off", () => {
  expect(made('{"kind":"turn_off"}').enabled).toBe(false);
  expect(made('{"kind":"turn_off"},{"kind":"turn_on"}').enabled).toBe(true);
});

test("a rule is added at the end, at an index, before or after another", () => {
  const rule = '{"kind":"add_rule","id":"x","when":{"all":[]},"serve":{"variation":"green"}';
  expect(ids(`${rule}}`)).toBe("r1 r2 x");
  expect(ids(`${rule},"at":0}`)).toBe("x r1 r2");
  expect(ids(`${rule},"at":2}`)).toBe("r1 r2 x");
  expect(ids(`${rule},"before":"r2"}`)).toBe("r1 x r2");
  expect(ids(`${rule},"after":"r1"}`)).toBe("r1 x r2");
  expect(ids('{"kind":"add_rule","when":{"all":[]},"serve":{"variation":"green"}}')).toBe("r1 r2 r-new");
  const again = '{"kind":"remove_rule","rule":"r2"},{"kind":"add_rule","when":{"all":[]},"serve":{"variation":"blue"}}';
  expect(ids(again)).toBe("r1 r2");
});

test("a rule is replaced in parts, removed and moved", () => {
  const both = '{"kind":"replace_rule","rule":"r2","serve":{"variation":"green"}},{"kind":"remove_rule","rule":"r1"}';
  expect(json(made(both).rules)).toBe('[{"id":"r2","when":{"all":[]},"serve":{"variation":"green"}}]');
  const when = '{"kind":"replace_rule","rule":"r2","when":{"attribute":"country","op":"is","values":["DE"]}}';
  expect(made(when).rules[1]?.when).toEqual({ attribute: "country", op: "is", values: ["DE"], ignore_case: false });
  const table: [string, string][] = [
    ['"rule":"r1","after":"r2"', "r2 r1"],
    ['"rule":"r2","before":"r1"', "r2 r1"],
    ['"rule":"r1","at":1', "r2 r1"],
    ['"rule":"r1","at":2', "r2 r1"],
    ['"rule":"r1","before":"r2"', "r1 r2"],
    ['"rule":"r1","before":"r1"', "r1 r2"],
  ];
  for (const [where, order] of table) expect(ids(`{"kind":"move_rule",${where}}`)).toBe(order);
  expect(ids('{"kind":"reorder_rules","rules":["r2","r1"]}')).toBe("r2 r1");
});

test("an instruction sees what those before it have made", () => {
  const rule = '{"kind":"add_rule","id":"x","when":{"all":[]},"serve":{"variation":"green"}},';
  expect(ids(`${rule}{"kind":"move_rule","rule":"x","at":0},{"kind":"remove_rule","rule":"r1"}`)).toBe("x r2");
});

const rule = '{"kind":"add_rule","when":{"all":[]},"serve":{"variation":"green"}';

test("what an instruction writes is checked at the place where it writes it, even if the rule moves afterwards", () => {
  const bad = '{"kind":"add_rule","id":"x","when":{"op":"was"},"serve":{"variation":"red"}}';
  expect(refused(`${bad},{"kind":"move_rule","rule":"x","at":0}`)).toBe("/instructions/1/when/op malformed");
  expect(refused(`${bad},{"kind":"remove_rule","rule":"x"}`)).toBe("accepted");
  expect(refused(`${bad},{"kind":"replace_rule","rule":"x","when":{"any":[7]}}`)).toBe(
    "/instructions/2/when/any/0 wrong_type",
  );
  const twice =
    '{"kind":"add_rule","id":"?","when":{"all":[]},"serve":{"variation":"red"}},{"kind":"replace_rule","rule":"?","when":{"any":[]}}';
  expect(refused(twice)).toBe("/instructions/1/id bad_key");
});

test("set_weights keeps what the split has besides, and moves as few as possible", () => {
  expect(json(made('{"kind":"set_weights","rule":"r1","weights":[{"variation":"blue","weight":25}]}').rules[0])).toBe(
    '{"id":"r1","when":{"all":[]},"serve":{"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,25000,"blue"]],"otherwise":"red"}}}',
  );
  const text =
    '{"kind":"set_weights","weights":[{"variation":"red","weight":90},{"variation":"blue","weight":10.000}]}';
  expect(json(made(text).fallthrough)).toBe(
    '{"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,90000,"red"],[90000,100000,"blue"]]}}',
  );
  const by =
    '{"kind":"set_weights","weights":[{"variation":"blue","weight":10}],"otherwise":"red","by":"company","salt":"s","hash":"djb2"}';
  expect(json(made(by).fallthrough)).toBe(
    '{"split":{"by":"company","salt":"s","hash":"djb2","ranges":[[0,10000,"blue"]],"otherwise":"red"}}',
  );
  const next =
    '{"kind":"set_weights","rule":"r1","weights":[{"variation":"blue","weight":20}],"otherwise":"next","by":"company"}';
  expect(json(made(next).rules[0]?.serve)).toBe(
    '{"split":{"by":"company","hash":"murmur3","ranges":[[0,20000,"blue"]],"otherwise":"next"}}',
  );
});

test("set_fallthrough and set_off", () => {
  expect(json(made('{"kind":"set_fallthrough","variation":"green"}').fallthrough)).toBe('{"variation":"green"}');
  const split = '{"kind":"set_fallthrough","split":{"weights":[{"variation":"green","weight":1}],"otherwise":"red"}}';
  expect(json(made(split).fallthrough)).toContain('"ranges":[[0,1000,"green"]]');
  expect(made('{"kind":"set_off","variation":"blue"}').off).toBe("blue");
  expect(made('{"kind":"set_off","variation":null}').off).toBeNull();
});

test("targets are sets of values", () => {
  const blue = '{"attribute":"targetingKey","values":["ann","bob"';
  const table: [string, string][] = [
    [
      '{"kind":"add_targets","variation":"blue","values":["bob","cleo","cleo"]}',
      `[${blue},"cleo"],"variation":"blue"}]`,
    ],
    ['{"kind":"add_targets","variation":"blue","values":["bob"]}', `[${blue}],"variation":"blue"}]`],
    [
      '{"kind":"add_targets","variation":"red","attribute":"company","values":["acme"]}',
      `[${blue}],"variation":"blue"},{"attribute":"company","values":["acme"],"variation":"red"}]`,
    ],
    [
      '{"kind":"remove_targets","variation":"blue","values":["ann","zoe"]}',
      '[{"attribute":"targetingKey","values":["bob"],"variation":"blue"}]',
    ],
    ['{"kind":"remove_targets","variation":"blue","values":["ann","bob"]}', "[]"],
    [
      '{"kind":"replace_targets","variation":"blue","values":["zoe"]}',
      '[{"attribute":"targetingKey","values":["zoe"],"variation":"blue"}]',
    ],
    ['{"kind":"replace_targets","variation":"blue","values":[]}', "[]"],
    ['{"kind":"replace_targets","variation":"green","values":[]}', `[${blue}],"variation":"blue"}]`],
    [
      '{"kind":"remove_targets","variation":"blue","values":["ann"]},{"kind":"add_targets","variation":"red","values":["ann"]}',
      '[{"attribute":"targetingKey","values":["bob"],"variation":"blue"},{"attribute":"targetingKey","values":["ann"],"variation":"red"}]',
    ],
  ];
  for (const [text, targets] of table) expect(json(made(text).targets)).toBe(targets);
  const spread = {
    ...colours,
    targets: [...colours.targets, { attribute: "targetingKey", values: ["cleo"], variation: "blue" }],
  };
  const all = applyToConfig(spread, list('{"kind":"replace_targets","variation":"blue","values":["dan"]}'), options);
  expect("value" in all && all.value.targets).toEqual([
    { attribute: "targetingKey", values: ["dan"], variation: "blue" },
  ]);
});

test("prerequisites are added, replaced and removed by their flag", () => {
  expect(json(made('{"kind":"add_prerequisite","flag":"q","variations":["on","off"]}').prerequisites)).toBe(
    '[{"flag":"p","variations":["on"]},{"flag":"q","variations":["on","off"]}]',
  );
  expect(json(made('{"kind":"replace_prerequisite","flag":"p","variations":["off"]}').prerequisites)).toBe(
    '[{"flag":"p","variations":["off"]}]',
  );
  expect(made('{"kind":"remove_prerequisite","flag":"p"}').prerequisites).toEqual([]);
});

test("text of rules is parsed where the caller can", () => {
  const parse = { ...options, parseWhen: () => ({ any: [] }) };
  const applied = applyToConfig(colours, [{ kind: "replace_rule", rule: "r1", when: "never" }], parse);
  expect("value" in applied && applied.value.rules[0]?.when).toEqual({ any: [] });
});

test("without makeRuleId new rules have passing ids", () => {
  const { makeRuleId: _makeRuleId, ...others } = options;
  const applied = applyToConfig(colours, list(`${rule}},${rule}}`), others);
  expect("value" in applied && applied.value.rules.map((one) => one.id)).toEqual(["r1", "r2", "new-1", "new-2"]);
});

test("the kinds are those of the server's table", async () => {
  const { readFileSync } = await import("node:fs");
  const folder = new URL("../../../flags/", import.meta.url);
  const kindsIn = (file: string): string[] =>
    [...readFileSync(new URL(file, folder), "utf8").matchAll(/\{"(\w+)", [\w:<>]+\}/g)].map((row) => row[1] ?? "");
  expect(kindsIn("config_instructions.cpp").sort()).toEqual(Object.keys(configKinds).sort());
  const { definitionKinds, memberKinds, segmentDefinitionKinds } = await import("./instructions");
  expect(kindsIn("definition_instructions.cpp").sort()).toEqual(Object.keys(definitionKinds).sort());
  const ofSegments = [...Object.keys(memberKinds), ...Object.keys(segmentDefinitionKinds)];
  expect(kindsIn("../segments/segment_instructions.cpp").sort()).toEqual(ofSegments.sort());
});
