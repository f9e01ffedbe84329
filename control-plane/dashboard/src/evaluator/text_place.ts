// Places in a rule's text. The language counts code points, JavaScript's strings UTF-16 units.

import type { Place } from "./protocol";

/** The offset of a place in UTF-16 units, as editors count. A place behind a line's end is its end. */
export function offsetOf(text: string, { line, column }: Place): number {
  let start = 0;
  for (let passed = 1; passed < line; ++passed) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const rest = text.indexOf("\n", start);
  const end = rest < 0 ? text.length : rest;
  let at = start;
  for (let passed = 1; passed < column && at < end; ++passed) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
