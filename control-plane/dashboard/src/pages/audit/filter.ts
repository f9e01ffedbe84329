// From the page's address to the conditions of the API, and days of the strip. Pure.
import type { AuditFilter } from "../../api/queries/audit";
import { fieldsIn, parseDuration, parseTime, resolveWall, rfc3339 } from "../../model/index";
import type { SearchOf } from "../../search";
import type { schema } from "./search";

export type AuditSearch = SearchOf<typeof schema>;

const minute = 60_000;

// A time, or how long before `now`, to the minute, so that the same address asks the same for a while.
export function timeOf(text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  const age = parseDuration(text);
  if (age !== undefined) return rfc3339(Math.floor((now - age) / minute) * minute);
  const time = parseTime(text);
  return time === undefined ? undefined : rfc3339(time);
}

export const badTimes = (search: AuditSearch): string[] =>
  [search.from, search.to].filter((text): text is string => text !== undefined && timeOf(text, 0) === undefined);

const shortest = 3; // characters of a text that is searched for

export function filterOf(search: AuditSearch, now: number): AuditFilter {
  const { q, project, env, actor, action, resource, group } = search;
  const given = {
    text: q !== undefined && [...q].length >= shortest ? q : undefined,
    project,
    env,
    actor,
    action,
    resource,
    group,
    from: timeOf(search.from, now),
    to: timeOf(search.to, now),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

// What is left out when a condition is removed.
export const conditions = ["q", "project", "env", "actor", "action", "resource", "group", "from", "to"] as const;
export type Condition = (typeof conditions)[number];
export const activeConditions = (search: AuditSearch): Condition[] =>
  conditions.filter((name) => search[name] !== undefined);

export interface Day {
  from: string;
  to: string;
  date: string; // "2026-11-30"
  day: number;
}

const two = (n: number): string => String(n).padStart(2, "0");

export function dateIn(at: string, zone: string): string {
  const { year, month, day } = fieldsIn(Date.parse(at), zone);
  return `${year}-${two(month)}-${two(day)}`;
}

// The last `count` days of a zone's calendar, the earliest first.
export function lastDays(now: number, zone: string, count: number): Day[] {
  const { year, month, day } = fieldsIn(now, zone);
  const midnight = (back: number): number => {
    const date = new Date(Date.UTC(year, month - 1, day - back));
    const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    return resolveWall({ ...wall, hour: 0, minute: 0 }, zone).time;
  };
  return Array.from({ length: count }, (_, i) => {
    const back = count - 1 - i;
    const from = midnight(back);
    const fields = fieldsIn(from + 12 * 60 * minute, zone);
    return {
      from: rfc3339(from),
      to: rfc3339(midnight(back - 1)),
      date: `${fields.year}-${two(fields.month)}-${two(fields.day)}`,
      day: fields.day,
    };
  });
}
