import { expect, test } from "vitest";
import { type Contexts, formOf, mostContexts, parseContexts } from "./contexts";
import { generateContexts, seeded } from "./generate_contexts";
import { type Json, writeJson } from "./json";
import { columnsOf, compareList, partsOf, readList } from "./segment_lists";
import { fc } from "./testing";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const shown = (read: Contexts): string =>
  "contexts" in read
    ? writeJson(read.contexts as Json)
    : read.errors.map(({ line, code }) => `${line} ${code}`).join(", ");

test("contexts in every form, or the lines that are wrong", () => {
  const table: [string, string][] = [
    ['{"targetingKey":"a","n":1.0}', '[{"targetingKey":"a","n":1.0}]'],
    ['[{"a":1},{"b":2}]', '[{"a":1},{"b":2}]'],
    ['[{"a":1},7]', "0 not_an_object"],
    ['{"a":1,\n"b":}', "2 malformed"],
    ['{"a":1}\n\n{"context":{"b":2}}\n', '[{"a":1},{"b":2}]'],
    ['{"a":1}\n[]\n{"b"', "2 not_an_object, 3 malformed"],
    ["alice\n bob \r\nalice\n", '[{"targetingKey":"alice"},{"targetingKey":"bob"}]'],
    [
      "targetingKey\tcountry\t/app/version\t/app/n\n007\tDE\t2.1\t1.0\nbob\t\t\t\n",
      '[{"targetingKey":"007","country":"DE","app":{"version":2.1,"n":1.0}},{"targetingKey":"bob"}]',
    ],
    [
      'targetingKey,tags,beta\na,"[""x"",1]",true\nb,[oops,null',
      '[{"targetingKey":"a","tags":["x",1],"beta":true},{"targetingKey":"b","tags":"[oops","beta":null}]',
    ],
    ["a,a\n1,2", "1 duplicate"],
    ['a,b\n1,2,3\n"x', "3 malformed, 2 malformed"],
    ["", "0 empty"],
    ["a\tb\n", "0 empty"],
  ];
  for (const [text, expected] of table) expect([text, shown(parseContexts(text))]).toEqual([text, expected]);
  expect(shown(parseContexts(Uint8Array.of(0xff)))).toBe("0 bad_character");
  expect(shown(parseContexts(bytes("alice"), "keys"))).toBe('[{"targetingKey":"alice"}]');
  expect(["[{}]", '{"a":1}\n{}', '{\n"a":1}', "a,b", "a\tb", "alice"].map(formOf)).toEqual([
    "json",
    "ndjson",
    "json",
    "table",
    "table",
    "keys",
  ]);
});

test("limits", () => {
  const many = Array.from({ length: mostContexts + 5 }, (_, i) => `user-${i}`).join("\n");
  expect(shown(parseContexts(many))).toBe("10001 too_many");
  expect(shown(parseContexts(many.split("\n").slice(0, mostContexts).join("\n"))).startsWith("[{")).toBe(true);
  expect(shown(parseContexts(`{"a":"${"x".repeat(65_536)}"}`))).toBe("0 too_long");
  expect(shown(parseContexts("7\n".repeat(60), "ndjson")).split(",")).toHaveLength(50);
});

test("NDJSON of any contexts comes back", () => {
  const context = fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== "context"),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.array(context, { minLength: 1 }), (list) => {
      const read = parseContexts(list.map((each) => JSON.stringify(each)).join("\n"), "ndjson");
      expect(JSON.parse(shown(read))).toEqual(JSON.parse(JSON.stringify(list)));
    }),
  );
});

test("contexts by ranges of attributes", () => {
  expect(
    generateContexts(
      [
        { attribute: "country", values: ["DE", "AT"] },
        { attribute: "age", from: 10, to: 30, step: 10 },
      ],
      100,
    ),
  ).toEqual([
    { targetingKey: "user-1", country: "DE", age: 10 },
    { targetingKey: "user-2", country: "DE", age: 20 },
    { targetingKey: "user-3", country: "DE", age: 30 },
    { targetingKey: "user-4", country: "AT", age: 10 },
    { targetingKey: "user-5", country: "AT", age: 20 },
    { targetingKey: "user-6", country: "AT", age: 30 },
  ]);
  const ranges = [
    { attribute: "targetingKey", prefix: "u", count: 500 },
    { attribute: "n", from: 0, to: 99 },
  ];
  const some = generateContexts(ranges, 40, 3);
  expect(some).toHaveLength(40);
  expect(generateContexts(ranges, 40, 3)).toEqual(some);
  expect(generateContexts(ranges, 40, 4)).not.toEqual(some);
  const refusals: [Parameters<typeof generateContexts>[0], string][] = [
    [[{ attribute: "a", values: [] }], "empty"],
    [[{ attribute: "a", from: 2, to: 1 }], "bad_range"],
    [[{ attribute: "a", from: 0, to: 1, step: 0 }], "bad_range"],
    [[{ attribute: "a", prefix: "u", count: 0 }], "bad_range"],
    [[{ attribute: "a", prefix: "u", count: 10_001 }], "too_many"],
    [[{ attribute: "a", from: 0, to: 1e9 }], "too_many"],
    [
      [
        { attribute: "a", values: [1] },
        { attribute: "a", values: [2] },
      ],
      "duplicate",
    ],
  ];
  for (const [list, code] of refusals) expect(generateContexts(list, 10)).toEqual({ attribute: "a", code });
  const random = seeded(1);
  for (let i = 0; i < 1000; i += 1) expect(Math.floor(random())).toBe(0);
});

test("a file is compared with the lists before anything is sent", () => {
  const read = readList(bytes(`ann\r\nbob\n\nann\ncleo\n${"x".repeat(65_537)}\na\u0007b\n`), { format: "lines" });
  const compared = compareList(read, new Set(["bob"]), new Set(["cleo"]));
  expect(compared.added.map(({ value, line }) => `${line} ${value}`)).toEqual(["1 ann", "5 cleo"]);
  expect(compared.alreadyThere).toEqual([{ value: "bob", line: 2 }]);
  expect(compared.duplicate).toEqual([{ value: "ann", line: 4 }]);
  expect(compared.inOtherList).toEqual([{ value: "cleo", line: 5 }]);
  expect(compared.faults.map(({ line, code }) => `${line} ${code}`)).toEqual(["6 too_long", "7 bad_character"]);
  expect(compared.overLimit).toBe(0);
  const full = new Set(Array.from({ length: 99_999 }, (_, i) => `u${i}`));
  expect(compareList(read, full, new Set()).overLimit).toBe(2);
});

test("columns of CSV", () => {
  const csv = (text: string, column?: string) =>
    readList(bytes(text), { format: "csv", attribute: "email", ...(column === undefined ? {} : { column }) });
  const values = (text: string, column?: string): string =>
    csv(text, column)
      .values.map(({ value }) => value)
      .join(" ");
  expect(values("name,E-Mail\nAnn,a@x\n", "e-mail")).toBe("a@x");
  expect(values("name,EMAIL\nAnn,a@x\nBob,b@x\n")).toBe("a@x b@x");
  expect(values("a@x\nb@x\n")).toBe("a@x b@x");
  expect(csv('name,email\nAnn\nBob,\n"x\n')).toMatchObject({
    column: "email",
    emptyCells: 1,
    faults: [
      { line: 2, code: "missing" },
      { line: 4, code: "malformed" },
    ],
  });
  expect(csv("a,b\n1,2", "c").faults).toMatchObject([{ line: 1, code: "unknown_column" }]);
  expect(csv("", "c").faults).toMatchObject([{ line: 1, code: "unknown_column" }]);
  expect(columnsOf(bytes('a,"b c"\n1,2'))).toEqual(["a", "b c"]);
  expect(columnsOf(bytes("only"))).toEqual(["only"]);
  expect(columnsOf(bytes(""))).toEqual([]);
  const broken = new Uint8Array([...bytes("\uFEFFok\n"), 0xff, 10]);
  expect(readList(broken, { format: "lines" })).toMatchObject({
    values: [{ value: "ok", line: 1 }],
    faults: [{ line: 2, code: "bad_character" }],
  });
});

test("values are sent in parts", () => {
  expect(partsOf(["aa", "bb", "cc"], 6)).toEqual(["aa\nbb\n", "cc\n"]);
  expect(partsOf([], 6)).toEqual([]);
  expect(partsOf(["long enough"], 3)).toEqual(["long enough\n"]);
});
