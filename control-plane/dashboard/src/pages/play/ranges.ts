// Contexts to be generated, as people write them: an attribute a line, with what it takes. Pure.
//
//     country = DE, AT, FR          each of these
//     age = 18..65                  each integer; 0..100/10 each tenth
//     targetingKey = user-*500      user-1 .. user-500
import { type AttributeRange, type Json, tryParseJson } from "../../model/index";

export type RangesRead = { ranges: readonly AttributeRange[] } | { line: number };

const integers = /^(-?\d+)\.\.(-?\d+)(?:\/(\d+))?$/;
const numbered = /^(.*)\*(\d+)$/;

function typed(text: string): Json {
  const read = /^(?:-?\d+(?:\.\d+)?|true|false|null|".*")$/.test(text) ? tryParseJson(text) : undefined;
  return read && "value" in read ? read.value : text;
}

function rangeOf(attribute: string, written: string): AttributeRange {
  const [, from, to, step] = integers.exec(written) ?? [];
  if (from !== undefined)
    return { attribute, from: Number(from), to: Number(to), ...(step ? { step: Number(step) } : {}) };
  const [, prefix, count] = numbered.exec(written) ?? [];
  if (prefix !== undefined) return { attribute, prefix, count: Number(count) };
  const values = written.split(",").map((value) => value.trim());
  return { attribute, values: values.filter((value) => value !== "").map(typed) };
}

export function readRanges(text: string): RangesRead {
  const ranges: AttributeRange[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const at = line.indexOf("=");
    const attribute = line.slice(0, at).trim();
    if (at < 0 || attribute === "") return { line: i + 1 };
    ranges.push(rangeOf(attribute, line.slice(at + 1).trim()));
  }
  return { ranges };
}
