// What can be said of a request beside what it asks for. Pure.

import type { KeptChange } from "../../api/queries/audit";
import type { ChangeRequest, RequestState } from "../../api/queries/requests";
import type { StatusKind } from "../../ui/Status";

export type Standing = "applies" | "differs" | "broken";

export const hasEnded = (state: RequestState): boolean =>
  state === "declined" || state === "withdrawn" || state === "applied";

// An empty digest: it cannot be made. Approvals of something else: it came to something else when they were given.
export function standingOf({ result, approvals }: ChangeRequest): Standing {
  if (result.digest === "") return "broken";
  return approvals.some((approval) => !approval.stands) ? "differs" : "applies";
}

export const approvalsThatStand = ({ approvals }: ChangeRequest) => approvals.filter((approval) => approval.stands);

export const approvalsMissing = (request: ChangeRequest): number =>
  Math.max(0, request.result.approvals_required - approvalsThatStand(request).length);

export const statusOf: Readonly<Record<RequestState, StatusKind>> = {
  draft: "draft",
  open: "needs_approval",
  approved: "on",
  declined: "rejected",
  withdrawn: "archived",
  applied: "on",
};

// The resources that a request's changes are about, as the audit log names them; each once.
export function resourcesOf(changes: readonly KeptChange[]): string[] {
  const isAbout = /^projects\/[^/]+\/(flags|segments)\/[^/]+(\/environments\/[^/]+)?$/;
  return [...new Set(changes.map((change) => decodeURIComponent(change.path)).filter((path) => isAbout.test(path)))];
}

// "2026-12-24 18:30" or with a T: what a wall clock shows.
export function wallOf(
  text: string,
): { year: number; month: number; day: number; hour: number; minute: number } | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})$/.exec(text.trim());
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number);
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  return isDay && hour < 24 && minute < 60 ? { year, month, day, hour, minute } : undefined;
}
