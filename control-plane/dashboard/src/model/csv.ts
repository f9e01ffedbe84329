// CSV (RFC 4180) as bytes: any bytes in cells come back as they were. Texts are UTF-8.

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const encoder = new TextEncoder();

/** A cell is the bytes between separators; what they mean is up to the reader. */
export type Cell = Uint8Array;
export type Row = { readonly line: number; readonly cells: readonly Cell[] };
/** `line` counts from 1. */
export type CsvFault = { readonly line: number; readonly code: "malformed"; readonly detail: string };
export type Parsed = { readonly rows: readonly Row[]; readonly faults: readonly CsvFault[] };

class Reader {
  private at = 0;
  private nextLine = 1;
  private fault = "";
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  }

  /** Empty lines are no rows. */
  next(): (Row & { fault: string }) | undefined {
    while (this.at < this.bytes.length && this.isAtLineEnd()) this.skipLineEnd();
    if (this.at >= this.bytes.length) return undefined;
    const line = this.nextLine;
    this.fault = "";
    const cells = this.readRow();
    this.skipLineEnd();
    return { line, cells, fault: this.fault };
  }

  private isAtLineEnd(): boolean {
    const { bytes, at } = this;
    return at >= bytes.length || bytes[at] === lineFeed || (bytes[at] === carriageReturn && bytes[at + 1] === lineFeed);
  }
  private skipLineEnd(): void {
    if (this.at >= this.bytes.length) return;
    this.at += this.bytes[this.at] === carriageReturn ? 2 : 1;
    this.nextLine += 1;
  }
  private readRow(): Cell[] {
    const cells: Cell[] = [];
    for (;;) {
      cells.push(this.bytes[this.at] === quote ? this.readQuoted() : this.readPlain());
      if (this.isAtLineEnd()) return cells;
      if (this.bytes[this.at] !== comma) break;
      this.at += 1;
    }
    this.fault = "text follows the quote that ends a cell";
    const end = this.bytes.indexOf(lineFeed, this.at);
    this.at = end < 0 ? this.bytes.length : end;
    return cells;
  }
  private readQuoted(): Cell {
    const cell: number[] = [];
    for (this.at += 1; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte === lineFeed) this.nextLine += 1;
      if (byte !== quote) cell.push(byte);
      else if (this.bytes[this.at + 1] === quote) {
        cell.push(byte);
        this.at += 1;
      } else {
        this.at += 1;
        return Uint8Array.from(cell);
      }
    }
    this.fault = "the quote is not closed";
    return Uint8Array.from(cell);
  }
  private readPlain(): Cell {
    const begin = this.at;
    while (!this.isAtLineEnd() && this.bytes[this.at] !== comma) {
      if (this.bytes[this.at] === quote) this.fault = "a cell with a quote must be quoted as a whole";
      this.at += 1;
    }
    return this.bytes.slice(begin, this.at);
  }
}

/** Rows with a fault are left out; at most `mostFaults` faults are told. */
export function parseCsv(bytes: Uint8Array, mostFaults = 50): Parsed {
  const reader = new Reader(bytes);
  const rows: Row[] = [];
  const faults: CsvFault[] = [];
  for (let row = reader.next(); row; row = reader.next()) {
    const { line, cells, fault } = row;
    if (fault === "") rows.push({ line, cells });
    else if (faults.length < mostFaults) faults.push({ line, code: "malformed", detail: fault });
  }
  return { rows, faults };
}

/** The text of a cell; undefined where it is not UTF-8. */
export function cellText(cell: Cell): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(cell);
  } catch {
    return undefined;
  }
}

function writeCell(cell: Cell | string, isAlone: boolean): Uint8Array {
  const bytes = typeof cell === "string" ? encoder.encode(cell) : cell;
  const isQuoted = bytes.some(
    (byte) => byte === quote || byte === comma || byte === lineFeed || byte === carriageReturn,
  );
  const isLikeMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (!isQuoted && !isLikeMark && !(isAlone && bytes.length === 0)) return bytes;
  const doubled: number[] = [quote];
  for (const byte of bytes) doubled.push(...(byte === quote ? [quote, quote] : [byte]));
  return Uint8Array.from([...doubled, quote]);
}

/** Lines end with CR LF. Cells are written as they are: this is for programs. */
export function writeCsv(rows: readonly (readonly (Cell | string)[])[]): Uint8Array<ArrayBuffer> {
  const parts = rows.flatMap((row) => [
    ...row.flatMap((cell, i) => [...(i > 0 ? [Uint8Array.of(comma)] : []), writeCell(cell, row.length === 1)]),
    Uint8Array.of(carriageReturn, lineFeed),
  ]);
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A text that no spreadsheet takes for a formula: an apostrophe comes before what might begin one. */
export function neutral(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

/** For spreadsheets and people: with formulas made harmless, as the server's audit export. */
export function exportCsv(rows: readonly (readonly string[])[]): Uint8Array<ArrayBuffer> {
  return writeCsv(rows.map((row) => row.map(neutral)));
}
