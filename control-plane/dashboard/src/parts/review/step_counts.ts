// At which station of the line evaluations ended, by what relays have counted. Pure.
import type { Series } from "../../api/queries/series";
import { diffConfigs, diffRules, type FlagConfig, isSame, isSplit } from "../../model/index";

export interface StepCounts {
  of: number; // all evaluations that were counted
  at: ReadonlyMap<string, number>; // "off", "targets", "rule:r1", "else"
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, n) => total + n, 0);

// Counts are by rule and by reason, not by both: which of the reasons are a rule's, its configuration tells.
export function stepCounts(byRule: Series, byReason: Series, config: FlagConfig): StepCounts | undefined {
  const rules = new Map(byRule.series.flatMap(({ rule, count }) => (rule ? [[rule, count] as const] : [])));
  const reasons = new Map(byReason.series.map(({ reason, count }) => [reason ?? "", count]));
  const of = sum(reasons.values());
  if (of === 0) return undefined;
  const count = (reason: string) => reasons.get(reason) ?? 0;
  const bySplit = sum(config.rules.filter(({ serve }) => isSplit(serve)).map(({ id }) => rules.get(id) ?? 0));
  const rest = isSplit(config.fallthrough) ? Math.max(0, count("SPLIT") - bySplit) : count("STATIC") + count("DEFAULT");
  const off = count("DISABLED");
  const targets = Math.max(0, of - sum(rules.values()) - rest - off - count("ERROR"));
  const at = new Map<string, number>([
    ["off", off],
    ["targets", targets],
    ["else", rest],
  ]);
  for (const { id } of config.rules) at.set(`rule:${id}`, rules.get(id) ?? 0);
  return { of, at };
}

// Where evaluations end that a change may give another answer: at the stations that it touches, and behind what it puts before others.
export function touchedSteps(before: FlagConfig, after: FlagConfig): ReadonlySet<string> {
  const touched = new Set<string>();
  const places = diffConfigs(before, after);
  const line = ["targets", ...before.rules.map(({ id }) => `rule:${id}`), "else"];
  const isAll = places.some(({ place: [name = ""] }) => name === "enabled" || name === "prerequisite");
  if (isAll) for (const step of ["off", ...line]) touched.add(step);
  const from = (step: string) => {
    for (const each of line.slice(line.indexOf(step))) touched.add(each);
  };
  for (const { place, before: held } of places) {
    const [name] = place;
    if (name === "off") touched.add("off");
    else if (name === "target" && held === undefined) from("targets");
    else if (name === "target") touched.add("targets");
    else if (name === "fallthrough") touched.add("else");
  }
  for (const change of diffRules(before.rules, after.rules)) {
    if (change.kind === "same") continue;
    if (change.kind === "removed") touched.add(`rule:${change.id}`);
    else if (change.kind === "changed" && isSame(change.before?.when, change.after?.when))
      touched.add(`rule:${change.id}`);
    else {
      // What it applies to now ended at it, or behind where it stands.
      if (change.from >= 0) touched.add(`rule:${change.id}`);
      const next = after.rules.slice(change.to + 1).find(({ id }) => before.rules.some((rule) => rule.id === id));
      from(next ? `rule:${next.id}` : "else");
    }
  }
  return touched;
}

export const countAt = (counts: StepCounts, steps: Iterable<string>): number =>
  sum([...steps].map((step) => counts.at.get(step) ?? 0));
