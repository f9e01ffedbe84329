// Entries of one change, together. Pure.
import type { AuditEntry } from "../../api/queries/audit";

export interface Change {
  id: string; // of its first entry
  entries: readonly AuditEntry[]; // as they were written
  isComing?: true; // people who came and went, one after the other: no change of anything
}

// `entries` are newest first, and so are the changes.
export function groupEntries(entries: readonly AuditEntry[]): Change[] {
  const groups = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const id = entry.group || entry.id;
    const group = groups.get(id);
    if (group) group.unshift(entry);
    else groups.set(id, [entry]);
  }
  return [...groups].map(([id, list]) => ({ id, entries: list }));
}

// What is undone by another page: an environment's versions take back a promotion or a rollback as a whole.
export const isRevertible = ({ action }: AuditEntry): boolean =>
  action !== "environment.promoted" && action !== "environment.rolled_back";

const isComing = ({ entries }: Change): boolean =>
  entries.every(({ action }) => /^session\.(started|ended)$/.test(action));

// Sign-ins and sign-outs of one day with no change between them are one line.
export function foldComing(changes: readonly Change[], dateOf: (at: string) => string): Change[] {
  const folded: Change[] = [];
  const dayOf = ({ entries }: Change) => dateOf(entries[0]?.at ?? "");
  for (const change of changes) {
    if (!isComing(change)) {
      folded.push(change);
      continue;
    }
    const last = folded.at(-1);
    const isMore = last?.isComing && dayOf(last) === dayOf(change);
    if (isMore) folded.pop();
    folded.push({ id: change.id, entries: [...change.entries, ...(isMore ? last.entries : [])], isComing: true });
  }
  return folded;
}

// Changes of one day in a zone, under its date.
export function byDay(changes: readonly Change[], dateOf: (at: string) => string): [string, Change[]][] {
  const days = new Map<string, Change[]>();
  for (const change of changes) {
    const date = dateOf(change.entries[0]?.at ?? "");
    days.set(date, [...(days.get(date) ?? []), change]);
  }
  return [...days];
}
