// Contexts for the playground: from JSON, NDJSON, a table, one key per line, or generated. Errors
// have the line; nothing is taken from an input with errors.

import { byteLength, defaultAttribute, limits } from "./config";
import { cellText, parseCsv } from "./csv";
import { isList, isObject, type Json, type JsonObject, setMember, tryParseJson, writeJson } from "./json";

/** A context as JSON holds it; numbers keep their spelling. */
export type Context = JsonObject;
export type ContextForm = "json" | "ndjson" | "table" | "keys";
/** `line` counts from 1; 0 is the input as a whole. */
export type ContextError = { readonly line: number; readonly code: ContextErrorCode; readonly detail: string };
export type ContextErrorCode =
  | "malformed"
  | "not_an_object"
  | "too_long"
  | "too_many"
  | "bad_character"
  | "empty"
  | "duplicate";
export type Contexts = { readonly contexts: readonly Context[] } | { readonly errors: readonly ContextError[] };

/** Contexts that the playground takes at once, and errors that are told. */
export const mostContexts = 10_000;
const mostErrors = 50;

class Collector {
  readonly contexts: Context[] = [];
  readonly errors: ContextError[] = [];

  fail(line: number, code: ContextErrorCode, detail: string): void {
    if (this.errors.length < mostErrors) this.errors.push({ line, code, detail });
  }
  take(value: Json, line: number) {
    if (!isObject(value)) return this.fail(line, "not_an_object", "a context is a JSON object");
    if (byteLength(writeJson(value)) > limits.contextBytes)
      return this.fail(line, "too_long", `a context has at most ${limits.contextBytes} bytes`);
    if (this.contexts.length === mostContexts)
      return this.fail(line, "too_many", `at most ${mostContexts} contexts can be looked at at once`);
    if (this.contexts.length < mostContexts) this.contexts.push(value);
  }
  get isDone(): boolean {
    return this.errors.some(({ code }) => code === "too_many") || this.errors.length === mostErrors;
  }
  finish(): Contexts {
    if (this.errors.length > 0) return { errors: this.errors };
    if (this.contexts.length === 0)
      return { errors: [{ line: 0, code: "empty", detail: "there is no context in it" }] };
    return { contexts: this.contexts };
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** A JSON object, or a list of them. */
export function contextsFromJson(text: string): Contexts {
  const out = new Collector();
  const read = tryParseJson(text);
  if ("error" in read) {
    out.fail(lineAt(text, read.error.offset), "malformed", read.error.message);
    return out.finish();
  }
  for (const value of isList(read.value) ? read.value : [read.value]) if (!out.isDone) out.take(value, 0);
  return out.finish();
}

function eachLine(text: string, take: (line: string, number: number, out: Collector) => void): Contexts {
  const out = new Collector();
  let number = 0;
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    number += 1;
    if (out.isDone) break;
    if (line.trim() !== "") take(line.replace(/\r$/, ""), number, out);
  }
  return out.finish();
}

/** A JSON object per line; also `{"context":{..}}`, as relays and the command line take it. */
export function contextsFromNdjson(text: string): Contexts {
  return eachLine(text, (line, number, out) => {
    const read = tryParseJson(line);
    if ("error" in read) return out.fail(number, "malformed", read.error.message);
    const { value } = read;
    out.take(isObject(value) && isObject(value.context ?? null) ? (value.context ?? null) : value, number);
  });
}

/** A targeting key per line. Keys that come again are taken once. */
export function contextsFromKeys(text: string): Contexts {
  const seen = new Set<string>();
  return eachLine(text, (line, number, out) => {
    const key = line.trim();
    if (!seen.has(key)) out.take({ [defaultAttribute]: key }, number);
    seen.add(key);
  });
}

// What a cell of a table says: a number, true, false, null, or a list or object in JSON; else text.
function cellValue(text: string): Json {
  const isJson = /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|[[{"].*)$/s.test(text);
  const read = isJson ? tryParseJson(text) : undefined;
  return read && "value" in read ? read.value : text;
}

// Sets the member that a column names: "country", or a pointer such as "/app/version".
function setAttribute(context: Record<string, Json>, column: string, value: Json): void {
  const path = column.startsWith("/")
    ? column
        .slice(1)
        .split("/")
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    : [column];
  let at: Record<string, Json> = context;
  path.slice(0, -1).forEach((name) => {
    const held = Object.hasOwn(at, name) ? at[name] : undefined;
    const inner = held !== undefined && isObject(held) ? { ...held } : {};
    setMember(at, name, inner);
    at = inner as Record<string, Json>;
  });
  setMember(at, path.at(-1) ?? "", value);
}

/**
 * A table as spreadsheets copy it (tabs) or CSV: attributes in the first row, a context in each
 * other one. Empty cells leave the attribute out; keys stay text whatever they look like.
 */
export function contextsFromTable(text: string): Contexts {
  const out = new Collector();
  const isTabbed = (text.split("\n", 1)[0] ?? "").includes("\t");
  const table = isTabbed ? tabbedRows(text) : csvRows(text, out);
  const [head, ...rows] = table;
  const columns = head?.cells ?? [];
  if (head && new Set(columns).size < columns.length)
    out.fail(head.line, "duplicate", "two columns have the same name");
  for (const { line, cells } of rows) {
    if (out.isDone) break;
    if (cells.length > columns.length) {
      out.fail(line, "malformed", `the row has ${cells.length} cells, and the table ${columns.length} columns`);
      continue;
    }
    const context: Record<string, Json> = {};
    cells.forEach((cell, i) => {
      const column = columns[i] ?? "";
      if (cell !== "") setAttribute(context, column, column === defaultAttribute ? cell : cellValue(cell));
    });
    out.take(context, line);
  }
  return out.finish();
}

type TableRow = { readonly line: number; readonly cells: readonly string[] };

function tabbedRows(text: string): TableRow[] {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  return lines.flatMap((line, i) =>
    line.trim() === "" ? [] : [{ line: i + 1, cells: line.replace(/\r$/, "").split("\t") }],
  );
}

function csvRows(text: string, out: Collector): TableRow[] {
  const { rows, faults } = parseCsv(new TextEncoder().encode(text));
  for (const { line, detail } of faults) out.fail(line, "malformed", detail);
  return rows.map(({ line, cells }) => ({ line, cells: cells.map((cell) => cellText(cell) ?? "") }));
}

/** What an input looks like. */
export function formOf(text: string): ContextForm {
  const [, first = "", rest = ""] = /^([^\n]*)(.*)$/s.exec(text.trim()) ?? [];
  if (first.startsWith("{") && rest.trim() !== "" && "value" in tryParseJson(first)) return "ndjson";
  if (/^[[{]/.test(first)) return "json";
  return /[\t,]/.test(first) ? "table" : "keys";
}

/** Reads contexts; bytes that are not UTF-8 are refused. */
export function parseContexts(input: string | Uint8Array, form?: ContextForm): Contexts {
  const text = typeof input === "string" ? input : cellText(input);
  if (text === undefined) return { errors: [{ line: 0, code: "bad_character", detail: "this is not UTF-8" }] };
  const read = { json: contextsFromJson, ndjson: contextsFromNdjson, table: contextsFromTable, keys: contextsFromKeys };
  return read[form ?? formOf(text)](text);
}
