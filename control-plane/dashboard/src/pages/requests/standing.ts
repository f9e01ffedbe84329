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

const longestLine = 200; // bytes that a comment's line may have
const marks = { same: "", added: "+ ", removed: "- " };

// What a comment on a line calls it: readable by itself, for when the line is gone.
export function lineName(of: string, { kind, text }: { kind: keyof typeof marks; text: string }): string {
  const name = `${of}: ${marks[kind]}${text.trim()}`;
  const encoder = new TextEncoder();
  if (encoder.encode(name).length <= longestLine) return name;
  const letters = [...name];
  while (encoder.encode(`${letters.join("")}…`).length > longestLine) letters.pop();
  return `${letters.join("")}…`;
}
