// A staged version on its way: what has been done, what is under way, and what comes. Pure.
import type { Propagation } from "../../api/queries/propagation";
import type { Stage } from "../../api/queries/stages";
import type { PastVersion } from "../../api/queries/versions";

export type StepState = "done" | "now" | "next" | "failed";
export interface StageSteps {
  canaries: StepState;
  soak: StepState;
  others: StepState;
}

const failed: readonly Stage["waits_for"][] = ["rejected", "quarantined"];

export function stepsOf({ state, waits_for, reason }: Pick<Stage, "state" | "waits_for" | "reason">): StageSteps {
  if (state === "released" || state === "replaced") return { canaries: "done", soak: "done", others: "done" };
  if (state === "withdrawn") {
    const isCanaries = reason === "rejected" || reason === "quarantined" || reason === "no_canaries";
    return { canaries: isCanaries ? "failed" : "done", soak: isCanaries ? "next" : "failed", others: "failed" };
  }
  if (waits_for === "soaking") return { canaries: "done", soak: "now", others: "next" };
  if (waits_for === "soaked") return { canaries: "done", soak: "done", others: "now" };
  return { canaries: failed.includes(waits_for) ? "failed" : "now", soak: "next", others: "next" };
}

// Flags and segments that versions after `released` have changed: those that a withdrawal puts back. Versions come newest first.
export function changedSince(versions: readonly PastVersion[], released: string): string[] {
  const end = versions.findIndex(({ version }) => version === released);
  const held = end < 0 ? [] : versions.slice(0, end);
  return [...new Set(held.flatMap(({ flags, segments }) => [...flags, ...segments]))].sort();
}

// How long relays took to have a version, in seconds after it was published: those of which that is known, the fastest first.
export function delaysOf({ published_at, relays }: Pick<Propagation, "published_at" | "relays">): number[] {
  if (published_at === null) return [];
  const begun = Date.parse(published_at);
  return relays
    .flatMap(({ has_since }) => (has_since === null ? [] : [Math.max(0, (Date.parse(has_since) - begun) / 1000)]))
    .sort((a, b) => a - b);
}

// When half of the relays had it, and when all had; undefined as long as they have not, or where it is not known.
export function arrivalsOf(given: Pick<Propagation, "published_at" | "relays">): {
  half: number | undefined;
  all: number | undefined;
} {
  const delays = delaysOf(given);
  const count = given.relays.length;
  return { half: delays[Math.ceil(count / 2) - 1], all: count === 0 ? undefined : delays[count - 1] };
}
