import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Condition } from "./config";
import { parseJson } from "./json";
import { isBareAttribute, operators, ruleText } from "./rule_text";

const page = new URL("../../../../docs/rule-language.md", import.meta.url);
const rows = [...readFileSync(page, "utf8").matchAll(/^\| `(.+)` \| `(\{.+\})` \|$/gm)];

test("every tree of docs/rule-language.md prints as its text", () => {
  expect(rows.length).toBeGreaterThan(45);
  for (const [, text, tree] of rows) expect(ruleText(parseJson(tree ?? "") as Condition)).toBe(text);
});

test("every operator of the tables is known", () => {
  const used = new Set(rows.flatMap(([, , tree]) => [...(tree ?? "").matchAll(/"op":"(\w+)"/g)].map((op) => op[1])));
  for (const name of Object.keys(operators)) expect(used).toContain(name);
});

test("trees that no ruleset accepts have a text too", () => {
  expect(ruleText({ attribute: "v", op: "version_gte", values: [2] })).toBe("v version_gte [2]");
  expect(ruleText({ attribute: "v", op: "exists", values: ["x"] })).toBe('v exists ["x"]');
  expect(ruleText({ attribute: "v", op: "sounds_like", values: ["x"] })).toBe('v sounds_like ["x"]');
  expect(ruleText({ attribute: "v", op: "is" })).toBe("v is []");
  expect(ruleText({ op: "in_segment", values: [] })).toBe("segment in []");
});

test("names that need quotes", () => {
  expect(["a.b", "$now", "/app/version", "/a~1b"].map(isBareAttribute)).toEqual([true, true, true, true]);
  expect(["segment", "first name", "", "1a", "/a b"].map(isBareAttribute)).toEqual([false, false, false, false, false]);
});
