// The flags that have to answer first, as far as the ruleset tells. Pure.
import { type FlagConfig, isList, isObject, isSplit, parseJson } from "../../model/index";

export interface RulesetFlag extends FlagConfig {
  key: string;
  variations: readonly { key: string }[];
}

export function flagsIn(ruleset: string | undefined): ReadonlyMap<string, RulesetFlag> {
  if (ruleset === undefined) return new Map();
  const value = parseJson(ruleset);
  const flags = isObject(value) && isList(value.flags ?? null) ? (value.flags as unknown as RulesetFlag[]) : [];
  return new Map(flags.map((flag) => [flag.key, flag]));
}

// All that a flag needs, near ones first; `to` among them means a cycle.
export function chainOf(flags: ReadonlyMap<string, RulesetFlag>, from: string): string[] {
  const seen = [from];
  for (const key of seen) {
    for (const { flag } of flags.get(key)?.prerequisites ?? []) if (!seen.includes(flag)) seen.push(flag);
  }
  return seen.slice(1);
}

export const depthOf = (flags: ReadonlyMap<string, RulesetFlag>, from: string, seen: readonly string[] = []): number =>
  seen.includes(from)
    ? 0
    : 1 +
      Math.max(0, ...(flags.get(from)?.prerequisites ?? []).map(({ flag }) => depthOf(flags, flag, [...seen, from])));

export type Standing = "holds" | "fails" | "depends" | "unknown";

// Whether a prerequisite holds for everybody, nobody, or some.
export function standingOf(
  flags: ReadonlyMap<string, RulesetFlag>,
  key: string,
  wanted: readonly string[],
  seen: readonly string[] = [],
): Standing {
  const flag = flags.get(key);
  if (!flag || seen.includes(key)) return "unknown";
  if (!flag.enabled) return "fails"; // a flag that is off fulfils nothing
  const needed = flag.prerequisites.map((each) => standingOf(flags, each.flag, each.variations, [...seen, key]));
  const bad = (["fails", "unknown", "depends"] as const).find((standing) => needed.includes(standing));
  if (bad) return bad;
  const { fallthrough } = flag;
  if (flag.targets.length + flag.rules.length > 0 || isSplit(fallthrough)) return "depends";
  return wanted.includes(fallthrough.variation) ? "holds" : "fails";
}
