// How a relay stands to what is published, in words. Pure.
import type { RelayStanding } from "../api/queries/propagation";
import { relayWords } from "../text/en/relays";
import type { StatusKind } from "../ui/Status";

export type Standing = RelayStanding["standing"];

// The worst first.
export const standings: readonly Standing[] = ["rejected", "silent", "pending", "held", "up_to_date"];

const kinds: Record<Standing, StatusKind> = {
  rejected: "rejected",
  silent: "unknown",
  pending: "scheduled",
  held: "needs_approval",
  up_to_date: "on",
};

export const statusOf = (standing: Standing): { kind: StatusKind; text: string } => ({
  kind: kinds[standing],
  text: relayWords.standings[standing],
});

// What a code of the acceptance table means.
export const codeWords = (code: string): string =>
  (relayWords.codes as Readonly<Record<string, string>>)[code] ?? relayWords.code_other;

export function worst(given: readonly Standing[]): Standing {
  return standings.find((standing) => given.includes(standing)) ?? "up_to_date";
}

export const countOf = (given: readonly Standing[]): Record<Standing, number> => ({
  rejected: given.filter((one) => one === "rejected").length,
  silent: given.filter((one) => one === "silent").length,
  pending: given.filter((one) => one === "pending").length,
  held: given.filter((one) => one === "held").length,
  up_to_date: given.filter((one) => one === "up_to_date").length,
});
