// JSON that keeps the spelling of numbers: `1.0`, 2^63-1 and `1e400` are read and written as they
// stand. The one place where the dashboard parses or writes values that people have given.

import { JsonSyntaxError, readJson } from "./json_reader";
import { isList, isNumber, type Json, type JsonObject, membersOf, numberOf, spellingOf } from "./json_value";

export { JsonSyntaxError } from "./json_reader";
export * from "./json_value";

type Reviver = (this: unknown, name: string, value: unknown, context?: { source?: string }) => unknown;
type Parse = (text: string, reviver?: Reviver) => unknown;

/** Whether a parser tells the source text of numbers (ECMAScript's JSON.parse source text access). */
export function hasSourceText(parse: Parse): boolean {
  let source: string | undefined;
  parse("1.0", (_name, value, context) => {
    source = context?.source;
    return value;
  });
  return source === "1.0";
}

// Without one of these, no number in the text can have a spelling that a double would lose.
const mayLoseSpelling = /[0-9][.eE]|[0-9]{16}|-0/;

/** A parser over what the browser has; exported for tests of both ways. */
export function makeParser(parse: Parse, canSeeSource: boolean): (text: string) => Json {
  const revive: Reviver = (_name, value, context) =>
    typeof value === "number" && context?.source !== undefined ? numberOf(context.source) : value;
  return (text) => {
    if (!mayLoseSpelling.test(text)) return parsePlain(parse, text);
    if (!canSeeSource || text.includes("__proto__")) return readJson(text);
    return parsePlain((all) => parse(all, revive), text);
  };
}

// The browser's messages have no place that can be relied on; the reader's have.
function parsePlain(parse: Parse, text: string): Json {
  try {
    return parse(text) as Json;
  } catch (error) {
    readJson(text);
    throw error;
  }
}

const parser = makeParser(JSON.parse, hasSourceText(JSON.parse));

/** Parses a JSON text. Throws JsonSyntaxError, with the place. Of equal members the last counts. */
export function parseJson(text: string): Json {
  return parser(text);
}

/** The same for input of people: the value, or what is wrong with it. */
export function tryParseJson(text: string): { value: Json } | { error: JsonSyntaxError } {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { error };
    throw error;
  }
}

/**
 * Writes a value, compact or indented by `indent` spaces; numbers as they were spelled. NaN and
 * infinities, which JSON has not, are a mistake of the caller: RangeError.
 */
export function writeJson(value: Json, indent = 0): string {
  return write(value, indent, 0);
}

function write(value: Json, indent: number, depth: number): string {
  if (isNumber(value)) {
    if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`${value} is no JSON`);
    return Object.is(value, -0) ? "-0" : spellingOf(value);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value))
    return wrap(
      "[",
      value.map((element) => write(element, indent, depth + 1)),
      "]",
      indent,
      depth,
    );
  const colon = indent > 0 ? ": " : ":";
  const members = membersOf(value as JsonObject).map(
    ([name, member]) => `${JSON.stringify(name)}${colon}${write(member, indent, depth + 1)}`,
  );
  return wrap("{", members, "}", indent, depth);
}

function wrap(open: string, parts: readonly string[], close: string, indent: number, depth: number): string {
  if (parts.length === 0) return open + close;
  if (indent === 0) return open + parts.join(",") + close;
  const line = `\n${" ".repeat(indent * (depth + 1))}`;
  return `${open}${line}${parts.join(`,${line}`)}\n${" ".repeat(indent * depth)}${close}`;
}
