// The values of variations as they are typed, by the flag's type. Numbers keep their spelling. Pure.
import { type FlagType, isNumber, type Json, tryParseJson, writeJson } from "../../model/index";

export type ValueFault =
  | { kind: "number" }
  | { kind: "json"; detail: string; line: number; column: number; at: number };
export type ReadValue = { value: Json } | { fault: ValueFault };

const lineAndColumn = (text: string, offset: number): { line: number; column: number } => {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: [...(before.at(-1) ?? "")].length + 1 };
};

export function readValue(type: FlagType, text: string): ReadValue {
  if (type === "string") return { value: text };
  if (type === "boolean") return { value: text === "true" };
  const read = tryParseJson(text);
  if (type === "number") return "value" in read && isNumber(read.value) ? read : { fault: { kind: "number" } };
  if ("value" in read) return read;
  const { message, offset } = read.error;
  return { fault: { kind: "json", detail: message, at: offset, ...lineAndColumn(text, offset) } };
}

// As it is typed: JSON over several lines where it has members.
export function valueText(type: FlagType, value: Json): string {
  if (type === "string" && typeof value === "string") return value;
  return writeJson(value, type === "json" ? 2 : 0);
}

/** Whether a text reads as the value that is there: then what was typed stays as it is. */
export function isText(type: FlagType, text: string, value: Json): boolean {
  const read = readValue(type, text);
  return "value" in read && writeJson(read.value) === writeJson(value);
}

export interface NewVariation {
  id: number;
  key: string;
  text: string;
}

let next = 1;
export const emptyVariation = (): NewVariation => ({ id: next++, key: "", text: "" });

// A boolean flag has `on` and `off` by itself.
export const firstVariations = (type: FlagType): NewVariation[] =>
  type === "boolean" ? [] : [emptyVariation(), emptyVariation()];

// As they are sent; undefined if one of them has a fault. Rows without key and value are left out.
export function readVariations(
  type: FlagType,
  rows: readonly NewVariation[],
): { key: string; value: Json }[] | undefined {
  const read = rows
    .filter((row) => row.key !== "" || row.text !== "")
    .map(({ key, text }) => ({ key, ...readValue(type, text) }));
  return read.every((one) => "value" in one) ? read.map(({ key, value }) => ({ key, value })) : undefined;
}
