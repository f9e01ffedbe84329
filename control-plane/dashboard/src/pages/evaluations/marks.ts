// What was published in a range of time, as sentences for the marks on its axis. Pure.
import type { PastVersion } from "../../api/queries/versions";
import { evaluationsWords } from "../../text/en/evaluations";

export interface Mark {
  at: number; // seconds
  text: string;
  version: string;
}

const named = 3;

function sentence(past: PastVersion): string {
  const who = past.actor?.email ?? past.actor?.id ?? evaluationsWords.system;
  const keys = [...past.flags, ...past.segments];
  const some = keys.slice(0, named);
  const what = some.length === 0 ? "" : evaluationsWords.changed(some.join(", "), past.changes - some.length);
  return `${evaluationsWords.published(past.version, who, what)}${past.comment ? ` · ${past.comment}` : ""}`;
}

// Only versions that changed `flag`, where one is given.
export function marksOf(versions: readonly PastVersion[], from: number, to: number, flag: string | undefined): Mark[] {
  return versions
    .filter((past) => flag === undefined || past.flags.includes(flag))
    .map((past) => ({ at: Date.parse(past.at) / 1000, text: sentence(past), version: past.version }))
    .filter(({ at }) => at >= from && at <= to);
}
