// Verifies an exported audit log in the browser: the same findings, with the same codes and places,
// as `fanion audit verify` (docs/audit.md; common/wire/audit_export.cpp). SHA-256 is Web Crypto's.

import {
  type AuditFacts,
  concatBytes,
  fromHex,
  isHash,
  readFacts,
  readHeader,
  readTrailer,
  toHex,
  zeroHash,
} from "./chain_lines";

export type AuditHead = { readonly seq: number; readonly hash: string };
export type AuditHeader = {
  readonly org: string;
  readonly org_id: string;
  readonly exported_at: number;
  /** The entry before the first one; seq 0: nothing was before. */
  readonly after: AuditHead;
  /** How entries were selected, as a query; empty: all of them. */
  readonly filter: string;
};
/** `line` counts from 1; `seq` is the entry's number, 0 where it is about none. */
export type AuditFault = {
  readonly line: number;
  readonly seq: number;
  readonly code: string;
  readonly detail: string;
};
export type AuditStart = "first" | "purged" | "unproven" | "filtered";
export type AuditReport = {
  readonly header: AuditHeader;
  readonly entries: number;
  readonly last: AuditHead;
  readonly start: AuditStart;
  /** In the order of their lines; at most 100. Empty: nothing is wrong. */
  readonly faults: readonly AuditFault[];
};
/** Entries so far, for a progress bar. */
export type Progress = (entries: number) => void;

const mostFaults = 100;
const encoder = new TextEncoder();
const entryBegin = '{"entry":';
const entryTail = /,"previous":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/;

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** SHA-256 of the previous hash, as 32 bytes, and the canonical bytes of an entry; in hexadecimal. */
export async function chainHash(previous: string, canonical: Uint8Array | string): Promise<string> {
  const bytes = typeof canonical === "string" ? encoder.encode(canonical) : canonical;
  return sha256(concatBytes([fromHex(previous), bytes]));
}

const isAre = (first: number, last: number): string =>
  first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;

class Verifier {
  private readonly faults: AuditFault[] = [];
  private header: AuditHeader = { org: "", org_id: "", exported_at: 0, after: { seq: 0, hash: zeroHash }, filter: "" };
  private entries = 0;
  private last: AuditHead = this.header.after;
  private isStartPurged = false;
  private expecting: "header" | "entries" | "nothing" = "header";
  private line = 0;
  private lacksLineFeed = false;

  private fault(code: string, detail: string, seq = 0, line = this.line): void {
    if (this.faults.length < mostFaults) this.faults.push({ line, seq, code, detail });
  }

  /** `sum` is the SHA-256 of all bytes before the line, for the last one. */
  async feed(bytes: Uint8Array, hasLineFeed: boolean, sum: () => Promise<string>): Promise<void> {
    this.line += 1;
    this.lacksLineFeed = !hasLineFeed;
    const text = decode(bytes);
    if (this.expecting === "header") return this.feedHeader(text);
    if (this.expecting === "nothing")
      return this.fault("after_end", "there is more after the line that ends the export");
    if (lenient(bytes).startsWith('{"entries":')) return this.feedTrailer(text ?? "", await sum());
    return this.feedEntry(text, bytes);
  }

  get count(): number {
    return this.entries;
  }

  private feedHeader(text: string | undefined) {
    this.expecting = "entries";
    const header = text === undefined ? undefined : readHeader(text);
    if (!header) return this.fault("malformed", "the first line is not written as an export writes it");
    if (header.after.seq === 0 && header.after.hash !== zeroHash)
      this.fault("malformed", "nothing is before the first entry of a log, and its previous hash is zero");
    this.header = header;
    this.last = header.after;
  }

  private async feedEntry(text: string | undefined, bytes: Uint8Array): Promise<void> {
    const line = text ?? lenient(bytes);
    const [tail, previous = "", hash = ""] = line.startsWith(entryBegin) ? (entryTail.exec(line) ?? []) : [];
    const length = bytes.length - (tail?.length ?? 0);
    if (tail === undefined || length < entryBegin.length)
      return this.fault("malformed", "this is not a line of an entry as an export writes it");
    const canonical = bytes.subarray(entryBegin.length, length);
    const facts = text === undefined ? undefined : readFacts(text.slice(entryBegin.length, -tail.length));
    const seq = facts?.seq ?? this.last.seq + 1;
    if ((await chainHash(previous, canonical)) !== hash)
      this.fault("altered", "the entry, its previous hash or its hash was changed", seq);
    if (!facts) this.fault("malformed", "this is not an audit entry", seq);
    if (facts && facts.org_id !== this.header.org_id)
      this.fault("foreign", "the entry is of another organisation than the export", seq);
    this.checkPlace(seq, previous);
    this.last = { seq, hash };
    this.entries += 1;
    if (facts?.purged && isSameHead(facts.purged, this.header.after)) this.isStartPurged = true;
  }

  // Where the entry stands among the others.
  private checkPlace(seq: number, previous: string): void {
    const { last } = this;
    const isSelection = this.header.filter !== "";
    if (seq <= last.seq) {
      const why = "it was moved or inserted, or those between are repeated";
      this.fault("out_of_order", `entry ${seq} stands after entry ${last.seq}: ${why}`, seq);
    } else if (seq > last.seq + 1) {
      if (!isSelection) this.fault("missing", `${isAre(last.seq + 1, seq - 1)} missing before this one`, seq);
    } else if (previous !== last.hash && !(isSelection && this.entries === 0)) {
      this.fault("does_not_follow", `its previous hash is not that of entry ${last.seq}`, seq);
    }
  }

  private feedTrailer(text: string, sum: string) {
    this.expecting = "nothing";
    const trailer = readTrailer(text);
    if (!trailer) return this.fault("malformed", "the last line is not written as an export writes it");
    if (trailer.head.seq > this.last.seq)
      this.fault("missing", `entries up to ${trailer.head.seq} are missing after entry ${this.last.seq}`);
    else if (!isSameHead(trailer.head, this.last))
      this.fault("wrong_end", "the export ends with another entry than its last line names");
    if (trailer.entries !== this.entries)
      this.fault("wrong_count", `there are ${this.entries} entries, not ${trailer.entries}`);
    // Every entry is checked by its own hash: what is left is the first line.
    if (trailer.sha256 !== sum && this.faults.length === 0)
      this.fault("altered", "the first line or the sha256 of the last one was changed", 0, 1);
  }

  private startOf(): AuditStart {
    if (this.header.filter !== "") return "filtered";
    if (this.header.after.seq === 0) return "first";
    return this.isStartPurged ? "purged" : "unproven";
  }

  finish(): AuditReport {
    if (this.expecting === "header") this.fault("malformed", "there is no first line");
    else if (this.expecting === "entries")
      this.fault("truncated", `the line that ends an export is missing after entry ${this.last.seq}`);
    else if (this.lacksLineFeed) this.fault("truncated", "the last line has no line feed");
    const start = this.startOf();
    if (start === "unproven" && this.faults.length === 0) {
      const why = "and nothing proves that the entries before were deleted by the retention";
      this.fault("unproven_start", `the export begins after entry ${this.header.after.seq}, ${why}`);
    }
    return { header: this.header, entries: this.entries, last: this.last, start, faults: this.faults };
  }
}

const isSameHead = (a: AuditHead, b: AuditHead): boolean => a.seq === b.seq && a.hash === b.hash;

// Undefined: not UTF-8.
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

// For the fixed beginning and end of a line, which are ASCII.
const lenient = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/**
 * Checks the whole of an export (NDJSON), given as its bytes. Statements of rulesets are not
 * checked here: the command `fanion audit verify --ruleset` does that.
 */
export async function verifyExport(bytes: Uint8Array<ArrayBuffer>, progress?: Progress): Promise<AuditReport> {
  const verifier = new Verifier();
  for (let at = 0; at < bytes.length; ) {
    const begin = at;
    const feed = bytes.indexOf(10, begin);
    const end = feed < 0 ? bytes.length : feed;
    await verifier.feed(bytes.subarray(begin, end), feed >= 0, () => sha256(bytes.subarray(0, begin)));
    at = end + 1;
    if (progress && verifier.count % 256 === 0) progress(verifier.count);
  }
  progress?.(verifier.count);
  return verifier.finish();
}

/** An entry as GET .../audit?canonical=true lists it. */
export type AuditLink = {
  readonly seq: number;
  readonly canonical: string;
  readonly previous: string;
  readonly hash: string;
};

/**
 * The number of the first entry, oldest first, that is not what its hash says or does not follow the
 * one before; undefined when all do. `before`: what the first one follows, where that is known.
 */
export async function firstBroken(links: readonly AuditLink[], before?: AuditHead): Promise<number | undefined> {
  let last = before ?? (links[0]?.seq === 1 ? { seq: 0, hash: zeroHash } : undefined);
  for (const { seq, canonical, previous, hash } of links) {
    const facts: AuditFacts | undefined = readFacts(canonical);
    const follows = !last || (seq === last.seq + 1 && previous === last.hash);
    if (!follows || facts?.seq !== seq || !isHash(previous) || (await chainHash(previous, canonical)) !== hash)
      return seq;
    last = { seq, hash };
  }
  return undefined;
}
