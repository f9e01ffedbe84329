// A file of values for a segment's list, compared with what is there before anything is sent. The
// same rules as the server's upload: control-plane/segments/value_file.cpp.

import { byteLength, limits } from "./config";
import { cellText, parseCsv } from "./csv";

export type ListFile =
  | { readonly format: "lines" }
  | { readonly format: "csv"; readonly attribute: string; readonly column?: string };
/** A value with the line where it stands first. */
export type ListedValue = { readonly value: string; readonly line: number };
export type FaultyValue = {
  readonly line: number;
  readonly code: "too_long" | "bad_character" | "malformed" | "missing" | "unknown_column";
  readonly detail: string;
};

/** All values and faults; `column` is the header's name where the file has one. */
export type ReadList = {
  readonly values: readonly ListedValue[];
  readonly repeated: readonly ListedValue[];
  readonly faults: readonly FaultyValue[];
  readonly emptyCells: number;
  readonly column: string | undefined;
};

/** Names of the first row, for choosing a column. */
export function columnsOf(bytes: Uint8Array): string[] {
  const end = bytes.indexOf(10);
  return parseCsv(end < 0 ? bytes : bytes.subarray(0, end)).rows[0]?.cells.map((cell) => cellText(cell) ?? "") ?? [];
}

class Collector {
  private readonly seen = new Set<string>();
  readonly values: ListedValue[] = [];
  readonly repeated: ListedValue[] = [];
  readonly faults: FaultyValue[] = [];
  emptyCells = 0;

  fail(line: number, code: FaultyValue["code"], detail: string): void {
    this.faults.push({ line, code, detail });
  }
  take(bytes: Uint8Array, line: number) {
    const value = cellText(bytes);
    if (value === undefined) return this.fail(line, "bad_character", "this is not UTF-8");
    if (bytes.length > limits.stringBytes)
      return this.fail(line, "too_long", `a value has at most ${limits.stringBytes} bytes`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
      return this.fail(line, "bad_character", "the value has a control character");
    if (this.seen.has(value)) {
      this.repeated.push({ value, line });
      return;
    }
    this.seen.add(value);
    this.values.push({ value, line });
  }
}

function readLines(bytes: Uint8Array, out: Collector): void {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let line = 0;
  for (let at = isMarked ? 3 : 0; at < bytes.length; ) {
    const feed = bytes.indexOf(10, at);
    const end = feed < 0 ? bytes.length : feed;
    const value = bytes.subarray(at, bytes[end - 1] === 13 && end > at ? end - 1 : end);
    line += 1;
    if (value.length > 0) out.take(value, line);
    at = end + 1;
  }
}

function readCsv(bytes: Uint8Array, attribute: string, column: string | undefined, out: Collector): string | undefined {
  const { rows, faults } = parseCsv(bytes, limits.listValues);
  for (const { line, detail } of faults) out.fail(line, "malformed", detail);
  const names = rows[0]?.cells.map((cell) => (cellText(cell) ?? "").toLowerCase()) ?? [];
  const at = names.indexOf((column ?? attribute).toLowerCase());
  if (at < 0 && column !== undefined) {
    out.fail(rows[0]?.line ?? 1, "unknown_column", `the first row has no cell \`${column}\``);
    return undefined;
  }
  for (const { line, cells } of rows.slice(at < 0 ? 0 : 1)) {
    const cell = cells[Math.max(at, 0)];
    if (!cell)
      out.fail(line, "missing", `the row has ${cells.length} cells; the value would be in cell ${Math.max(at, 0) + 1}`);
    else if (cell.length === 0) out.emptyCells += 1;
    else out.take(cell, line);
  }
  const header = at < 0 ? undefined : rows[0]?.cells[at];
  return header && cellText(header);
}

/** Reads a file. Empty lines are skipped, white space around values is kept. */
export function readList(bytes: Uint8Array, file: ListFile): ReadList {
  const out = new Collector();
  let column: string | undefined;
  if (file.format === "lines") readLines(bytes, out);
  else column = readCsv(bytes, file.attribute, file.column, out);
  const { values, repeated, faults, emptyCells } = out;
  return { values, repeated, faults: faults.sort((a, b) => a.line - b.line), emptyCells, column };
}

export type ListComparison = {
  readonly added: readonly ListedValue[];
  readonly alreadyThere: readonly ListedValue[];
  readonly duplicate: readonly ListedValue[];
  readonly inOtherList: readonly ListedValue[];
  readonly faults: readonly FaultyValue[];
  /** Values beyond the limit of a list, counted with what is there. */
  readonly overLimit: number;
};

/** What adding a file to a list would do. `other`: the segment's other list of the attribute. */
export function compareList(read: ReadList, present: ReadonlySet<string>, other: ReadonlySet<string>): ListComparison {
  const alreadyThere = read.values.filter(({ value }) => present.has(value));
  const added = read.values.filter(({ value }) => !present.has(value));
  return {
    added,
    alreadyThere,
    duplicate: read.repeated,
    inOtherList: read.values.filter(({ value }) => other.has(value)),
    faults: read.faults,
    overLimit: Math.max(0, present.size + added.length - limits.listValues),
  };
}

/** Values in parts of at most `bytes` bytes as lines, for uploads. */
export function partsOf(values: readonly string[], bytes: number): string[] {
  const parts: string[] = [];
  let part = "";
  let size = 0;
  for (const value of values) {
    const length = byteLength(value) + 1;
    if (size > 0 && size + length > bytes) {
      parts.push(part);
      [part, size] = ["", 0];
    }
    part += `${value}\n`;
    size += length;
  }
  return size > 0 ? [...parts, part] : parts;
}
