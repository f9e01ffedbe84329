// The plan of a rollout as it is typed, and as the API takes it. What is no number is sent as it was typed: the server says where. Pure.
import type { RolloutInput } from "../../api/queries/rollouts";
import { isSplit, type Serve, slotsOfInput } from "../../model/index";

export interface StepForm {
  share: string; // percent
  hold: string;
  evaluations: string;
  approval: boolean;
}

export type GuardKind = "evaluations" | "query" | "burn";
export interface GuardForm {
  kind: GuardKind;
  source: string; // of Prometheus
  expression: string; // its query, or the error ratio
  measure: "share" | "number";
  reason: string; // of evaluations; empty: any
  limit: string; // above it is a breach; of a burn rate, the objective
  window: string; // of a query: for how long
  least: string; // evaluations before a share is judged
  response: string;
}

export interface PlanForm {
  flag: string;
  rule: string | null;
  from: string;
  to: string;
  steps: readonly StepForm[];
  guards: readonly GuardForm[];
}

export const newStep = (share = "", hold = "1h"): StepForm => ({ share, hold, evaluations: "", approval: false });

export const usualSteps: readonly StepForm[] = [
  newStep("1", "15m"),
  newStep("10", "1h"),
  newStep("50", "1d"),
  newStep("100", ""),
];

export const newGuard = (kind: GuardKind, source = ""): GuardForm => ({
  kind,
  source,
  expression: "",
  measure: "share",
  reason: kind === "evaluations" ? "ERROR" : "",
  limit: kind === "evaluations" ? "0.01" : kind === "burn" ? "0.999" : "",
  window: kind === "evaluations" ? "10m" : "5m",
  least: "500",
  response: kind === "evaluations" ? "hold" : "rollback",
});

const given = (text: string): boolean => text.trim() !== "";
const numeric = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

function guardOf(guard: GuardForm, to: string): Record<string, unknown> {
  const { source: prometheus, response: on_breach } = guard;
  if (guard.kind === "burn")
    return { prometheus, error_ratio: guard.expression, slo: numeric(guard.limit), burn: 14.4, on_breach };
  if (guard.kind === "query")
    return { prometheus, query: guard.expression, above: numeric(guard.limit), for: guard.window, on_breach };
  return {
    evaluations: guard.measure,
    ...(given(guard.reason) ? { reason: guard.reason } : { variation: to }),
    above: numeric(guard.limit),
    window: guard.window,
    ...(guard.measure === "share" && given(guard.least) ? { min_evaluations: numeric(guard.least) } : {}),
    on_breach,
  };
}

export function planOf({ flag, rule, from, to, steps, guards }: PlanForm): RolloutInput {
  const plan = {
    flag,
    rule,
    from,
    to,
    steps: steps.map(({ share, hold, evaluations, approval }) => ({
      share: slotsOfInput(share) ?? share,
      ...(given(hold) ? { hold: hold.trim() } : {}),
      ...(given(evaluations) ? { min_evaluations: numeric(evaluations) } : {}),
      ...(approval ? { approval } : {}),
    })),
    ...(guards.length > 0 ? { guards: guards.map((guard) => guardOf(guard, to)) } : {}),
  };
  return plan as unknown as RolloutInput;
}

// What grows, where the address does not say: from what is served now, to another one.
export function variationsOf(serve: Serve | undefined, keys: readonly string[]): { from: string; to: string } {
  const held = serve && (isSplit(serve) ? (serve.split.otherwise ?? serve.split.ranges[0]?.[2]) : serve.variation);
  const from = held ?? keys[0] ?? "";
  const split = serve && isSplit(serve) ? serve.split.ranges.map(([, , variation]) => variation) : [];
  return { from, to: split.find((key) => key !== from) ?? keys.find((key) => key !== from) ?? "" };
}
