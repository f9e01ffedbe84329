// The lines of an audit export. There is one way to write the first and the last line, so a check
// writes what it has read and compares. As common/wire/audit_export.cpp.

import type { AuditHead, AuditHeader } from "./chain";
import { isObject, type Json, type JsonObject, tryParseJson, writeJson } from "./json";

export const zeroHash = "0".repeat(64);
const latestTime = 253_402_300_799_999;

export function isHash(value: Json | undefined): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function isInteger(value: Json | undefined, low: number, high: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high;
}

function headOf(value: Json | undefined): AuditHead | undefined {
  if (value === undefined || !isObject(value)) return undefined;
  const { seq, hash } = value;
  return isInteger(seq, 0, Number.MAX_SAFE_INTEGER) && isHash(hash) ? { seq, hash } : undefined;
}

function objectIn(text: string): JsonObject | undefined {
  const read = tryParseJson(text);
  return "value" in read && isObject(read.value) ? read.value : undefined;
}

/** Undefined unless the line is written exactly as an export writes it. */
export function readHeader(text: string): AuditHeader | undefined {
  const line = objectIn(text);
  if (!line) return undefined;
  const { org, org_id, exported_at, filter = "" } = line;
  const after = headOf(line.after);
  if (typeof org !== "string" || typeof org_id !== "string" || typeof filter !== "string" || !after) return undefined;
  if (!isInteger(exported_at, 0, latestTime)) return undefined;
  const selected = filter === "" ? {} : { filter };
  const written = writeJson({ fanion_audit: 1, org, org_id, exported_at, after, ...selected });
  return written === text ? { org, org_id, exported_at, after, filter } : undefined;
}

export type AuditTrailer = { readonly entries: number; readonly head: AuditHead; readonly sha256: string };

/** Undefined unless the line is written exactly as an export writes it. */
export function readTrailer(text: string): AuditTrailer | undefined {
  const line = objectIn(text);
  const head = headOf(line?.head);
  const { entries, sha256 } = line ?? {};
  if (!head || typeof sha256 !== "string" || !isInteger(entries, 0, Number.MAX_SAFE_INTEGER)) return undefined;
  return writeJson({ entries, head, sha256 }) === text ? { entries, head, sha256 } : undefined;
}

/** What a check reads of an entry's canonical bytes. */
export type AuditFacts = {
  readonly org_id: string;
  readonly seq: number;
  /** Of an entry `audit.purged`: the last entry that was deleted. */
  readonly purged: AuditHead | undefined;
};

/** Undefined if the text is not an entry. */
export function readFacts(canonical: string): AuditFacts | undefined {
  const entry = objectIn(canonical);
  if (!entry) return undefined;
  const { org_id, seq, id, at, action, after } = entry;
  if (typeof org_id !== "string" || typeof id !== "string" || typeof action !== "string") return undefined;
  if (!isInteger(seq, 1, Number.MAX_SAFE_INTEGER) || !isInteger(at, 0, latestTime)) return undefined;
  if (action !== "audit.purged" || after === undefined || after === null) return { org_id, seq, purged: undefined };
  if (!isObject(after) || !isInteger(after.through, 1, Number.MAX_SAFE_INTEGER) || !isHash(after.hash))
    return undefined;
  return { org_id, seq, purged: { seq: after.through, hash: after.hash } };
}
