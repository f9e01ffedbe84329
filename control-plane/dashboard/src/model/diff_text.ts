// A configuration as lines of text, and the difference of two texts line by line.

import { defaultAttribute, type FlagConfig, isSplit, type SegmentMembers, type Serve } from "./config";
import { percentOfSlots } from "./percent";
import { ruleText } from "./rule_text";
import { planOf, sharesOf } from "./split";

function serveText(serve: Serve, inRule: boolean): string {
  if (!isSplit(serve)) return `serve ${serve.variation}`;
  const parts = [...sharesOf(planOf(serve, inRule))].map(
    ([name, slots]) => `${percentOfSlots(slots)}% ${name ?? "next rule"}`,
  );
  const { by = defaultAttribute, salt, hash = "murmur3" } = serve.split;
  const salted = salt === undefined ? "" : ` salt ${JSON.stringify(salt)}`;
  return `split by ${by}${salted}${hash === "murmur3" ? "" : ` ${hash}`}: ${parts.join(", ")}`;
}

const quoted = (values: readonly string[]): string => values.map((value) => JSON.stringify(value)).join(", ");

/** One line per part, in the order of evaluation. For reading and comparing, not for parsing. */
export function configLines(config: FlagConfig): string[] {
  return [
    config.enabled ? "on" : "off",
    `while off serve ${config.off ?? "the caller's own default"}`,
    ...config.prerequisites.map(({ flag, variations }) => `requires ${flag} is ${variations.join(" or ")}`),
    ...config.targets.flatMap(({ attribute, values, variation }) =>
      values.map((value) => `if ${attribute} is ${JSON.stringify(value)} serve ${variation}`),
    ),
    ...config.rules.flatMap(({ id, when, serve }) => [
      `rule ${id}: if ${ruleText(when)}`,
      `  ${serveText(serve, true)}`,
    ]),
    `everyone else: ${serveText(config.fallthrough, false)}`,
  ];
}

export function memberLines(members: SegmentMembers): string[] {
  return [
    ...members.included.map(({ attribute, values }) => `includes ${attribute} in [${quoted(values)}]`),
    ...members.excluded.map(({ attribute, values }) => `excludes ${attribute} in [${quoted(values)}]`),
    ...members.rules.map(({ when }) => `includes if ${ruleText(when)}`),
  ];
}

export type DiffLine = { readonly kind: "same" | "removed" | "added"; readonly text: string };

// Longest common subsequences take the product of the lengths; beyond this, all of it is replaced.
const mostCells = 4_000_000;

/** The shortest difference between two lists of lines; removed lines come before added ones. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const same = (text: string): DiffLine => ({ kind: "same", text });
  const middle = diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)];
}

function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: "removed", text });
  const added = (text: string): DiffLine => ({ kind: "added", text });
  if (before.length * after.length > mostCells) return [...before.map(removed), ...after.map(added)];
  const width = after.length + 1;
  const longest = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [old = "", now = ""] = [before[i], after[j]];
    const isSame = i < before.length && j < after.length && old === now;
    const isRemoved = !isSame && i < before.length && (j >= after.length || at(i + 1, j) >= at(i, j + 1));
    lines.push(isSame ? { kind: "same", text: old } : isRemoved ? removed(old) : added(now));
    if (isSame || isRemoved) i += 1;
    if (!isRemoved) j += 1;
  }
  return lines;
}
