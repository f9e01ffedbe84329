// How far a version has come on its way to the relays. Pure.
import type { RelayStanding } from "../api/queries/propagation";

export interface Standing {
  have: number;
  of: number;
  behind: string[];
  held: string[]; // until the stage before them has it
  rejecting: { relay: string; detail: string }[];
  silent: string[];
  isComplete: boolean; // nothing is left that could change by itself
}

export function standingOf(relays: readonly RelayStanding[]): Standing {
  const named = (standing: RelayStanding["standing"]) => relays.filter((relay) => relay.standing === standing);
  const have = named("up_to_date").length;
  return {
    have,
    of: relays.length,
    behind: named("pending").map(({ relay }) => relay),
    held: named("held").map(({ relay }) => relay),
    rejecting: named("rejected").map(({ relay, detail, code }) => ({ relay, detail: detail || code })),
    silent: named("silent").map(({ relay }) => relay),
    isComplete: have === relays.length,
  };
}

// How long to wait before asking again: often while it is on its way, seldom when a relay does not move.
export function askAgainIn(standing: Standing | undefined, sinceMillis: number): number | false {
  if (standing?.isComplete) return false;
  return sinceMillis < 30_000 ? 1_000 : 5_000;
}

// Versions are shown by their number; the epoch before the point is the control plane's affair.
export const versionNumber = (version: string): string => version.slice(version.lastIndexOf(".") + 1);
