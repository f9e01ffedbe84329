// Steps as people type them: shares that grow, and how long each is held. Pure.
import { percentOfSlots, slotsOfInput } from "../../model/index";

export interface PlanStep {
  share: number; // slots
  hold?: string;
}

export type StepsError = "not_a_percentage" | "not_growing" | "no_duration" | "too_many";

const duration = /^(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?$/;
const most = 50;

// The steps before `share`, and it as the last one; all but the last are held.
export function readSteps(shares: string, hold: string, present: number, share: number): PlanStep[] | StepsError {
  const typed = shares.split(/[\s,;]+/).filter((text) => text !== "");
  const slots = typed.map(slotsOfInput);
  if (slots.includes(undefined)) return "not_a_percentage";
  const held = hold.trim();
  if (held === "" || !duration.test(held)) return "no_duration";
  const all = [...(slots as number[]).filter((each) => each !== share), share];
  if (all.some((each, i) => each <= (i === 0 ? present : (all[i - 1] ?? 0)))) return "not_growing";
  if (all.length > most) return "too_many";
  return all.map((each, i) => (i === all.length - 1 ? { share: each } : { share: each, hold: held }));
}

// Shares between the present one and the one that is wanted: each about three times the one before.
export function proposedShares(present: number, share: number): string {
  const usual = [1_000, 3_000, 10_000, 30_000];
  return usual
    .filter((each) => each > present && each < share)
    .map(percentOfSlots)
    .join(", ");
}
