// JSON as the model holds it: what JSON.parse() gives, except that a number whose spelling a double
// would lose is a SpelledNumber. Values are never changed in place.

/** Every spelling of a number that String(Number(text)) does not give back: `1.0`, `1e400`, 2^63-1. */
export class SpelledNumber {
  /** The number as it stands in the JSON text. */
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | string | number | SpelledNumber | JsonList | JsonObject;
export type JsonList = readonly Json[];
/** Members that are `undefined` are not there: they are not written, and equal to missing ones. */
export type JsonObject = { readonly [name: string]: Json | undefined };

/** A number as the model holds it, by its spelling. */
export function numberOf(text: string): number | SpelledNumber {
  const value = Number(text);
  return String(value) === text ? value : new SpelledNumber(text);
}

/** The spelling of a number. */
export function spellingOf(value: number | SpelledNumber): string {
  return value instanceof SpelledNumber ? value.text : String(value);
}

export function isNumber(value: unknown): value is number | SpelledNumber {
  return typeof value === "number" || value instanceof SpelledNumber;
}

export function isList(value: unknown): value is JsonList {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof SpelledNumber);
}

/** An own member, or undefined. `toString` and `__proto__` are members like any other. */
export function memberOf(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Sets a member even where its name is `__proto__`, which plain assignment would not. */
export function setMember(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** The members that are there, in their order. */
export function membersOf(value: JsonObject): [string, Json][] {
  return Object.entries(value).filter((member): member is [string, Json] => member[1] !== undefined);
}

/**
 * Whether two values are the same: numbers by their spelling (1.0 differs from 1), as the server
 * compares them; the order of an object's members does not count.
 */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return spellingOf(a) === spellingOf(b);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((element, i) => isSame(element, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const members = membersOf(a);
  if (members.length !== membersOf(b).length) return false;
  return members.every(([name, value]) => Object.hasOwn(b, name) && isSame(value, b[name]));
}
