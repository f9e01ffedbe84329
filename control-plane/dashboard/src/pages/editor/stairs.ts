// A change that can be made in steps: one share that grows to everybody, and nothing else. Pure.
import { diffConfigs, type FlagConfig, isSplit, limits, planOf, type Serve, sharesOf } from "../../model/index";

export interface Stairs {
  rule?: string; // without it, everyone else
  from: string;
  to: string;
  present: number; // slots that `to` has
  share: number; // slots that it gets: all of them, as a rollout ends
}

const most = 2; // variations that a rollout knows

function growth(before: Serve, after: Serve, inRule: boolean): Omit<Stairs, "rule"> | undefined {
  const [held, wanted] = [sharesOf(planOf(before, inRule)), sharesOf(planOf(after, inRule))];
  const names = new Set([...held.keys(), ...wanted.keys()]);
  if (names.size !== most || names.has(null)) return undefined;
  const grown = [...names].filter((name) => (wanted.get(name) ?? 0) > (held.get(name) ?? 0));
  const to = grown[0];
  const from = [...names].find((name) => name !== to);
  if (grown.length !== 1 || !to || !from || wanted.get(to) !== limits.slots) return undefined;
  return { from, to, present: held.get(to) ?? 0, share: limits.slots };
}

// Undefined where the change is another one, or deals everybody anew.
export function stairsOf(before: FlagConfig, after: FlagConfig): Stairs | undefined {
  const changes = diffConfigs(before, after);
  const [change] = changes;
  if (!change || changes.length !== 1 || !after.enabled) return undefined;
  const [name, rule = "", part] = change.place;
  const inRule = name === "rule" && part === "serve";
  if (!inRule && name !== "fallthrough") return undefined;
  const [held, wanted] = [change.before, change.after] as (Serve | undefined)[];
  if (!held || !wanted || !isSameDeal(held, wanted)) return undefined;
  const grown = growth(held, wanted, inRule);
  return grown && { ...grown, ...(inRule ? { rule } : {}) };
}

// A rollout splits as the flag does by itself.
function isSameDeal(before: Serve, after: Serve): boolean {
  const dealt = (serve: Serve) =>
    isSplit(serve) ? JSON.stringify([serve.split.by, serve.split.salt, serve.split.hash]) : undefined;
  const [held, wanted] = [dealt(before), dealt(after)];
  const plain = JSON.stringify([undefined, undefined, undefined]);
  return held === undefined ? wanted === undefined || wanted === plain : wanted === undefined || held === wanted;
}
