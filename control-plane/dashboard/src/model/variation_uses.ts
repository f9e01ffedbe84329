// Where a configuration names a variation, as control-plane/flags/variation_uses.cpp.

import { type FlagConfig, isSplit, type Serve } from "./config";

/** `place` is what a person calls it: "rule `beta`", "the fallthrough". */
export type UseOfVariation = { readonly pointer: string; readonly place: string };

// `otherwise` of a rule's split may be "next", which is no variation even if one has that name.
const namesOtherwise = (otherwise: string | undefined, inRule: boolean): boolean => !inRule || otherwise !== "next";

function names(serve: Serve, variation: string, inRule: boolean): boolean {
  if (!isSplit(serve)) return serve.variation === variation;
  const { otherwise, ranges } = serve.split;
  if (otherwise === variation && namesOtherwise(otherwise, inRule)) return true;
  return ranges.some((range) => range[2] === variation);
}

export function usesOfVariation(config: FlagConfig, variation: string): UseOfVariation[] {
  const uses: UseOfVariation[] = [];
  if (config.off === variation) uses.push({ pointer: "/off", place: "`off`" });
  config.targets.forEach((target, i) => {
    if (target.variation === variation) uses.push({ pointer: `/targets/${i}`, place: "the targets" });
  });
  config.rules.forEach((rule, i) => {
    if (names(rule.serve, variation, true)) uses.push({ pointer: `/rules/${i}/serve`, place: `rule \`${rule.id}\`` });
  });
  if (names(config.fallthrough, variation, false)) uses.push({ pointer: "/fallthrough", place: "the fallthrough" });
  return uses;
}

function renamedServe(serve: Serve, from: string, to: string, inRule: boolean): Serve {
  const rename = (name: string): string => (name === from ? to : name);
  if (!isSplit(serve)) return { variation: rename(serve.variation) };
  const { otherwise, ranges, ...rest } = serve.split;
  const renamed = { ...rest, ranges: ranges.map(([begin, end, name]) => [begin, end, rename(name)] as const) };
  if (otherwise === undefined) return { split: renamed };
  return { split: { ...renamed, otherwise: namesOtherwise(otherwise, inRule) ? rename(otherwise) : otherwise } };
}

/** The configuration with another key for a variation. */
export function renameVariation(config: FlagConfig, from: string, to: string): FlagConfig {
  return {
    ...config,
    off: config.off === from ? to : config.off,
    targets: config.targets.map((target) => (target.variation === from ? { ...target, variation: to } : target)),
    rules: config.rules.map((rule) => ({ ...rule, serve: renamedServe(rule.serve, from, to, true) })),
    fallthrough: renamedServe(config.fallthrough, from, to, false),
  };
}
