// Who requires whom: flags and their prerequisites in one environment, as nested lists and as layers to be drawn.

import { isList, isObject, type Json, memberOf } from "./json";

/** `from` requires `to` to serve one of `variations`. */
export type Requirement = { readonly from: string; readonly to: string; readonly variations: readonly string[] };

/** The requirements of a ruleset in its plain form (docs/ruleset.md). */
export function requirementsOf(ruleset: Json): Requirement[] {
  const flags = isObject(ruleset) ? memberOf(ruleset, "flags") : undefined;
  if (!isList(flags)) return [];
  return flags.filter(isObject).flatMap((flag) => {
    const from = memberOf(flag, "key");
    const list = memberOf(flag, "prerequisites");
    if (typeof from !== "string" || !isList(list)) return [];
    return list.filter(isObject).map((each) => ({
      from,
      to: String(memberOf(each, "flag")),
      variations: (memberOf(each, "variations") ?? []) as string[],
    }));
  });
}

/** Those that `flag` needs and those that need it, directly and indirectly. */
export function about(requirements: readonly Requirement[], flag: string): Requirement[] {
  const walk = (near: "from" | "to", far: "from" | "to"): Set<Requirement> => {
    const found = new Set<Requirement>();
    let border = new Set([flag]);
    while (border.size > 0) {
      const next = requirements.filter((each) => border.has(each[near]) && !found.has(each));
      for (const each of next) found.add(each);
      border = new Set(next.map((each) => each[far]));
    }
    return found;
  };
  const kept = new Set([...walk("from", "to"), ...walk("to", "from")]);
  return requirements.filter((each) => kept.has(each));
}

export type Nested = {
  readonly flag: string;
  readonly variations: readonly string[];
  readonly below: readonly Nested[];
};

/** What a flag needs (`needs`), or what needs it, each below the one that it is there for. No flag stands below itself. */
export function nested(
  requirements: readonly Requirement[],
  flag: string,
  which: "needs" | "needed_by",
  above: readonly string[] = [],
): Nested[] {
  const [near, far] = which === "needs" ? (["from", "to"] as const) : (["to", "from"] as const);
  const path = [...above, flag];
  return requirements
    .filter((each) => each[near] === flag && !path.includes(each[far]))
    .map((each) => ({
      flag: each[far],
      variations: each.variations,
      below: nested(requirements, each[far], which, path),
    }));
}

/** Flags in layers: those that need nothing first, each other one behind all that it needs. */
export function layers(requirements: readonly Requirement[]): string[][] {
  const needs = new Map<string, string[]>();
  for (const { from, to } of requirements) {
    needs.set(from, [...(needs.get(from) ?? []), to]);
    if (!needs.has(to)) needs.set(to, []);
  }
  const depth = new Map<string, number>();
  const depthOf = (flag: string, path: readonly string[]): number => {
    const known = depth.get(flag);
    if (known !== undefined) return known;
    const others = (needs.get(flag) ?? []).filter((to) => to !== flag && !path.includes(to));
    const found = others.length === 0 ? 0 : 1 + Math.max(...others.map((to) => depthOf(to, [...path, flag])));
    depth.set(flag, found);
    return found;
  };
  const made: string[][] = [];
  for (const flag of [...needs.keys()].sort()) {
    const at = depthOf(flag, []);
    for (let i = made.length; i <= at; i += 1) made.push([]);
    made[at]?.push(flag);
  }
  return untangled(made, needs);
}

// Each layer in the order of the middles of what it needs, so that fewer lines cross.
function untangled(made: readonly string[][], needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const place = new Map<string, number>();
  return made.map((layer) => {
    const middle = (flag: string): number => {
      const places = (needs.get(flag) ?? []).map((to) => place.get(to) ?? 0);
      return places.length === 0 ? 0 : places.reduce((sum, at) => sum + at, 0) / places.length;
    };
    const ordered = [...layer].sort((a, b) => middle(a) - middle(b) || (a < b ? -1 : 1));
    for (const [i, flag] of ordered.entries()) place.set(flag, i);
    return ordered;
  });
}
