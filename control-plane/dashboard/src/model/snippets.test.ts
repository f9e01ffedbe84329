import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { FlagType } from "./config";
import { emptyValue, type SnippetKind, snippet, snippetKinds, snippets } from "./snippets";
import { fc } from "./testing";

const input = {
  flag: "dark-mode",
  type: "boolean" as FlagType,
  relay: "http://127.0.0.1:8080",
  targetingKey: "alice",
  project: "shop",
  environment: "development",
};
const code = (kind: SnippetKind, more: Partial<Parameters<typeof snippet>[1]> = {}): string =>
  snippet(kind, { ...input, ...more }).code;
const types: FlagType[] = ["boolean", "string", "number", "json"];

test("a snippet for each SDK and type, that asks for the flag by its type", () => {
  const calls: Record<string, string[]> = {
    node: [
      "getBooleanValue('dark-mode', false",
      "getStringValue('dark-mode', \"\"",
      "getNumberValue('dark-mode', 0",
      "getObjectValue('dark-mode', {}",
    ],
    web: [
      "getBooleanValue('dark-mode', false",
      "getStringValue('dark-mode', \"\"",
      "getNumberValue('dark-mode', 0",
      "getObjectValue('dark-mode', {}",
    ],
    python: [
      'get_boolean_value("dark-mode", False',
      'get_string_value("dark-mode", ""',
      'get_float_value("dark-mode", 0',
      'get_object_value("dark-mode", json.loads("{}")',
    ],
    go: [
      'BooleanValue(context.Background(), "dark-mode", false',
      'StringValue(context.Background(), "dark-mode", ""',
      'FloatValue(context.Background(), "dark-mode", 0',
      'ObjectValue(context.Background(), "dark-mode", json.RawMessage("{}")',
    ],
    java: [
      'boolean value = api.getClient().getBooleanValue("dark-mode", false',
      'String value = api.getClient().getStringValue("dark-mode", ""',
      'double value = api.getClient().getDoubleValue("dark-mode", 0d',
      'Value value = api.getClient().getObjectValue("dark-mode", new Value()',
    ],
    curl: Array(4).fill("/ofrep/v1/evaluate/flags/dark-mode'"),
    fanion: Array(4).fill("fanion eval 'dark-mode' '{\"targetingKey\":\"alice\"}'"),
  };
  for (const kind of snippetKinds)
    for (const [i, type] of types.entries()) expect(code(kind, { type })).toContain(calls[kind]?.[i]);
  expect(snippets(input).map(({ kind }) => kind)).toEqual(["node", "web", "python", "go", "java", "curl", "fanion"]);
  expect(
    snippets(input)
      .filter(({ key }) => key === "client")
      .map(({ kind }) => kind),
  ).toEqual(["web"]);
  expect(types.map(emptyValue)).toEqual([false, "", 0, {}]);
});

test("Node.js, web and Python are as in the README", () => {
  const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
  for (const kind of ["node", "web", "python"] as const) {
    const { install, code: text } = snippet(kind, input);
    expect(readme).toContain(install);
    for (const line of text.split("\n").filter((each) => /^(import|from) /.test(each))) expect(readme).toContain(line);
  }
});

test("what people have named stays a literal in every language", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("';alert(1)//", '";x', "\\u0022", "\\", "$(id)", "`id`", "a'b", "\u2028", "%s{}"),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const [, literal = ""] =
        /targetingKey: ('(?:[^'\\]|\\.)*') \}\);\n$/s.exec(code("node", { targetingKey: text })) ?? [];
      expect(runInNewContext(literal)).toBe(text);
      const [, python = ""] =
        /EvaluationContext\(("(?:[^"\\]|\\.)*")\)\)\n$/s.exec(code("python", { targetingKey: text })) ?? [];
      expect(JSON.parse(python)).toBe(text);
      const [, java = ""] =
        /new ImmutableContext\(("(?:[^"\\]|\\.)*")\)\);\n$/s.exec(code("java", { targetingKey: text })) ?? [];
      expect(java).not.toMatch(/\\\\u/);
      const lines = (shown: string) => shown.split("\n").length;
      for (const kind of snippetKinds) {
        // A shell has no escape for the end of a line in quotes: the flag stands twice as it is.
        const more = kind === "fanion" ? 2 * (lines(text) - 1) : 0;
        expect(lines(code(kind, { flag: text, targetingKey: text }))).toBe(lines(code(kind)) + more);
      }
    }),
  );
});

test("a shell takes keys and contexts as they are", () => {
  for (const text of ['it\'s $HOME `id` "x"', "\\", "a;b|c&d"]) {
    const command =
      code("fanion", { flag: text })
        .split("\n")[0]
        ?.replace(/^fanion eval/, "printf %s") ?? "";
    const shown = execFileSync("/bin/sh", ["-c", command.replace(/ '\{.*$/, "")], { encoding: "utf8" });
    expect(shown).toBe(text);
  }
  expect(code("curl", { flag: "a b/c" })).toContain("flags/a%20b%2Fc'");
});

test("fallbacks of each type", () => {
  expect(code("python", { type: "json", fallback: { a: null } })).toContain('json.loads("{\\"a\\":null}")');
  expect(code("python", { fallback: true })).toContain("True");
  expect(code("python", { fallback: null })).toContain("None");
  expect(code("python", { type: "string", fallback: 'x"y' })).toContain('"x\\"y"');
  expect(code("java", { type: "string", fallback: "x" })).toContain('getStringValue("dark-mode", "x"');
});
