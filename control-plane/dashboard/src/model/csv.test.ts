import { expect, test } from "vitest";
import { cellText, exportCsv, neutral, parseCsv, writeCsv } from "./csv";
import { fc } from "./testing";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (all: Uint8Array): string => new TextDecoder().decode(all);
const table = (input: string): (string | undefined)[][] =>
  parseCsv(bytes(input)).rows.map(({ cells }) => cells.map(cellText));

test("any bytes come back", () => {
  const cell = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.array(fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x41), { maxLength: 8 }).map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      const parsed = parseCsv(writeCsv(rows));
      expect(parsed.faults).toEqual([]);
      expect(parsed.rows.map(({ cells }) => cells.map((each) => [...each]))).toEqual(
        rows.map((row) => row.map((each) => [...each])),
      );
    }),
  );
});

test("any text survives, with formulas made harmless", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), { maxLength: 5 }), (rows) => {
      const read = parseCsv(exportCsv(rows)).rows.map(({ cells }) => cells.map(cellText));
      expect(read).toEqual(rows.map((row) => row.map(neutral)));
      for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
    }),
  );
  for (const formula of ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1"])
    expect(neutral(formula)).toBe(`'${formula}`);
  expect(neutral("a=1")).toBe("a=1");
});

test("rows, quotes, line ends, empty lines and a byte order mark", () => {
  expect(table('\uFEFFa,b\r\n\r\n"x, ""y""",\n\n"two\nlines",z')).toEqual([
    ["a", "b"],
    ['x, "y"', ""],
    ["two\nlines", "z"],
  ]);
  expect(parseCsv(bytes('a\n"b\nc"\nd')).rows.map(({ line }) => line)).toEqual([1, 2, 4]);
  expect(table("a\rb")).toEqual([["a\rb"]]);
  expect(text(writeCsv([[""], ["a", 'b"c']]))).toBe('""\r\na,"b""c"\r\n');
  expect(cellText(Uint8Array.of(0xff))).toBeUndefined();
});

test("faults have their line, and other rows are still read", () => {
  expect(parseCsv(bytes('ok\n"a"b,c\nx"y\nok\n"open')).faults).toEqual([
    { line: 2, code: "malformed", detail: "text follows the quote that ends a cell" },
    { line: 3, code: "malformed", detail: "a cell with a quote must be quoted as a whole" },
    { line: 5, code: "malformed", detail: "the quote is not closed" },
  ]);
  expect(table('ok\n"a"b,c\nok')).toEqual([["ok"], ["ok"]]);
  expect(parseCsv(bytes('"a"b\n'.repeat(60))).faults).toHaveLength(50);
  expect(parseCsv(bytes('"a"b')).faults).toHaveLength(1);
});
