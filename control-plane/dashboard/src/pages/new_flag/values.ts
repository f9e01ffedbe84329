// The values of a flag as they are typed. Numbers keep their spelling. Pure.
export type FlagType = "boolean" | "string" | "number" | "json";
export interface ValueRow {
  id: number;
  key: string;
  text: string;
}

let next = 1;
export const emptyRow = (): ValueRow => ({ id: next++, key: "", text: "" });

export function firstValues(type: FlagType): ValueRow[] {
  return type === "boolean" ? [] : [emptyRow(), emptyRow()];
}

export type ValueFault = "number" | "json";

export function faultOf(type: FlagType, text: string): ValueFault | undefined {
  if (type === "string" || type === "boolean") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return type === "number" && typeof value !== "number" ? "number" : undefined;
  } catch {
    return type === "number" ? "number" : "json";
  }
}

interface Raw {
  rawJSON: string;
}
const rawJson = (JSON as unknown as { rawJSON?: (text: string) => Raw }).rawJSON;

// As they are sent; undefined if one of them has a fault. Rows without key and value are left out.
export function readValues(type: FlagType, rows: readonly ValueRow[]): { key: string; value: unknown }[] | undefined {
  const given = rows.filter((row) => row.key !== "" || row.text !== "");
  if (given.some((row) => faultOf(type, row.text) !== undefined)) return undefined;
  return given.map((row) => ({ key: row.key, value: jsonValue(type, row.text) }));
}

function jsonValue(type: FlagType, text: string): unknown {
  if (type === "string") return text;
  if (type === "number" && rawJson) return rawJson(text.trim());
  return JSON.parse(text);
}
