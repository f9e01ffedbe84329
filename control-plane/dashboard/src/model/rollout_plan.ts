// The steps of a rollout as people type them, one a line: `5 % for 1h`, the last one without a time.

import { percentOfSlots, slotsOfInput } from "./percent";

/** `share` in slots of 0.001 %, `hold` as the API writes durations. */
export type PlanStep = { readonly share: number; readonly hold?: string };
export type PlanFault = {
  readonly line: number;
  readonly code: "not_a_step" | "not_a_share" | "not_growing" | "no_hold" | "no_steps" | "too_many";
};

const mostSteps = 50;
const form = /^([0-9.,]+)\s*%?(?:\s*(?:for\s+)?((?:[1-9][0-9]*[smhd])+))?$/i;

/** The steps, or the first line that is wrong. Empty lines do not count. */
export function readPlan(text: string): { steps: PlanStep[] } | { fault: PlanFault } {
  const steps: PlanStep[] = [];
  const lines = text.split("\n").map((line, i) => ({ line: i + 1, text: line.trim() }));
  const given = lines.filter((each) => each.text !== "");
  for (const [i, { line, text: typed }] of given.entries()) {
    const fault = (code: PlanFault["code"]) => ({ fault: { line, code } });
    const [, percent, hold] = form.exec(typed) ?? [];
    if (percent === undefined) return fault("not_a_step");
    const share = slotsOfInput(percent);
    if (share === undefined || share === 0) return fault("not_a_share");
    if (share <= (steps.at(-1)?.share ?? 0)) return fault("not_growing");
    if (hold === undefined && i < given.length - 1) return fault("no_hold");
    if (steps.length === mostSteps) return fault("too_many");
    steps.push(hold === undefined ? { share } : { share, hold: hold.toLowerCase() });
  }
  return steps.length === 0 ? { fault: { line: 1, code: "no_steps" } } : { steps };
}

/** The text of steps; reads as the same. */
export const planText = (steps: readonly PlanStep[]): string =>
  steps.map(({ share, hold }) => `${percentOfSlots(share)} %${hold ? ` for ${hold}` : ""}`).join("\n");
