import { expect, test } from "vitest";
import {
  hasSourceText,
  isSame,
  type Json,
  JsonSyntaxError,
  makeParser,
  parseJson,
  SpelledNumber,
  tryParseJson,
  writeJson,
} from "./json";
import { readJson } from "./json_reader";
import { isObject, memberOf, numberOf } from "./json_value";
import { fc } from "./testing";

const spelled = [
  "1.0",
  "9223372036854775807",
  "1e400",
  "-0",
  "0.10",
  "1E5",
  "12e-07",
  "123456789012345678901234567890",
];

// What a browser with source text access does, for the tests of that way.
function parseWithSource(
  text: string,
  reviver?: (this: unknown, name: string, value: unknown, context?: { source?: string }) => unknown,
): unknown {
  JSON.parse(text);
  if (!reviver) return JSON.parse(text);
  const revive = (value: Json): unknown => {
    if (value instanceof SpelledNumber) return reviver.call({}, "", Number(value.text), { source: value.text });
    if (typeof value === "number") return reviver.call({}, "", value, { source: String(value) });
    if (Array.isArray(value)) return value.map(revive);
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, revive(v as Json)]));
    return reviver.call({}, "", value, {});
  };
  return revive(readJson(text));
}
const parsers = {
  "with source text": makeParser(parseWithSource, true),
  "without source text": makeParser((text, reviver) => JSON.parse(text, reviver), false),
  "of this engine": parseJson,
};

test("source text access is found where it is", () => {
  expect(hasSourceText(parseWithSource)).toBe(true);
  expect(hasSourceText((text, reviver) => JSON.parse(text, (k, v) => reviver?.call({}, k, v)))).toBe(false);
});

for (const [name, parse] of Object.entries(parsers)) {
  test(`numbers keep their spelling (${name})`, () => {
    for (const text of spelled) {
      expect(writeJson(parse(text))).toBe(text);
      expect(writeJson(parse(`{"a":[${text},1],"b":{"c":${text}}}`))).toBe(`{"a":[${text},1],"b":{"c":${text}}}`);
    }
    expect(parse("[1,25.5]")).toEqual([1, 25.5]);
    expect(parse("[1.0]")).toEqual([new SpelledNumber("1.0")]);
  });

  test(`what is no JSON has its place (${name})`, () => {
    const places: [string, number][] = [
      ["", 0],
      ["{", 1],
      ['{"a" 1.0}', 5],
      ["[1.0,]", 5],
      ["[1.0 2]", 5],
      ["1.0x", 3],
      ["tru", 0],
      ['"a', 2],
      ['["\\x"]', 2],
      ['{"a":1,}', 7],
      ["01", 1],
      ["1.", 1],
      ["nul", 0],
      ["falsy", 0],
      ['"\t"', 1],
      ['"\\u12g4"', 1],
      ["[1", 2],
      ['{"a":1.0', 8],
    ];
    for (const [text, offset] of places) {
      const error = tryParse(parse, text);
      expect(error, text).toBeInstanceOf(JsonSyntaxError);
      expect([text, (error as JsonSyntaxError).offset]).toEqual([text, offset]);
    }
  });
}

function tryParse(parse: (text: string) => Json, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return error;
  }
}

test("errors as values", () => {
  expect(tryParseJson("[1]")).toEqual({ value: [1] });
  const failed = tryParseJson("[1");
  expect("error" in failed && failed.error.message).toBe("expected `,` or `]`, found the end of the text");
});

test("the reader agrees with JSON.parse on every value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(JSON.parse(writeJson(readJson(text)))).toEqual(JSON.parse(text));
      expect(writeJson(readJson(text), indent)).toBe(writeJson(parseJson(text), indent));
    }),
  );
});

test("compact and indented writing are JSON.stringify's", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      if (/[0-9][.eE]|-0|[0-9]{16}/.test(text)) return;
      expect(writeJson(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      expect(writeJson(parseJson(text), 2)).toBe(JSON.stringify(JSON.parse(text), null, 2));
    }),
  );
});

test("any spelling survives reading and writing", () => {
  const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,20})$/);
  const number = fc
    .tuple(
      fc.constantFrom("", "-"),
      digits,
      fc.constantFrom("", ".0", ".50"),
      fc.constantFrom("", "e5", "E+07", "e-400"),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(number), (numbers) => {
      const text = `[${numbers.join(",")}]`;
      for (const parse of Object.values(parsers)) expect(writeJson(parse(text))).toBe(text);
    }),
  );
});

test("names such as __proto__ are members like others", () => {
  for (const parse of Object.values(parsers)) {
    const value = parse('{"__proto__":{"x":1.0},"constructor":1}');
    expect(writeJson(value)).toBe('{"__proto__":{"x":1.0},"constructor":1}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  }
  expect(memberOf({}, "constructor")).toBeUndefined();
  expect(isSame({}, parseJson('{"constructor":1}'))).toBe(false);
});

test("equality goes by spelling, and not by the order of members", () => {
  expect(isSame(parseJson("[1.0]"), parseJson("[1]"))).toBe(false);
  expect(isSame(parseJson("[1.0]"), parseJson("[1.0]"))).toBe(true);
  expect(isSame({ a: 1, b: undefined, c: [null] }, { c: [null], a: 1 })).toBe(true);
  expect(isSame({ a: 1 }, { b: 1 })).toBe(false);
  expect(isSame([1], [1, 2])).toBe(false);
  expect(isSame([1], { 0: 1 })).toBe(false);
  expect(isSame({}, null)).toBe(false);
});

test("hostile texts", () => {
  expect(tryParse(readJson, "[".repeat(100_000))).toBeInstanceOf(JsonSyntaxError);
  expect(readJson(`"${"\\ud800".repeat(3)}"`)).toHaveLength(3);
  expect(readJson('"\\b\\f\\n\\r\\t\\/\\\\\\""')).toBe('\b\f\n\r\t/\\"');
  expect(() => writeJson(Number.NaN)).toThrow(RangeError);
  expect(writeJson(-0)).toBe("-0");
  expect(numberOf("7")).toBe(7);
});
