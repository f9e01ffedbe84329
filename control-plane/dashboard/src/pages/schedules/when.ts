// When schedules are due, in words and on the days of a calendar. Pure.
import type { PlacedSchedule, Schedule } from "../../api/queries/schedules";
import { fieldsIn } from "../../model/index";
import { scheduleWords } from "../../text/en/schedules";
import type { StatusKind } from "../../ui/Status";

export const isWaiting = ({ state }: Schedule): boolean => state === "active" || state === "paused";

export function repeatText({ repeat }: Schedule): string {
  if (repeat === null) return scheduleWords.once;
  const { every, time, weekday = "", day = 1 } = repeat;
  if (every === "day") return scheduleWords.every_day(time);
  if (every === "week") return scheduleWords.every_week(weekday.charAt(0).toUpperCase() + weekday.slice(1), time);
  return scheduleWords.every_month(day, time);
}

export const statusOf: Readonly<Record<Schedule["state"], StatusKind>> = {
  active: "scheduled",
  paused: "stale_data",
  done: "on",
  failed: "rejected",
  cancelled: "archived",
};

// The resource that a schedule changes: "new-checkout", "promote".
export const changedName = ({ change }: Schedule): string => {
  const parts = decodeURIComponent(change.path).split("/");
  const at = parts.findIndex((part) => part === "flags" || part === "segments");
  return (at >= 0 ? parts[at + 1] : parts.at(-1)) ?? "";
};

const two = (n: number): string => String(n).padStart(2, "0");

export function dayOf(time: number, zone: string): string {
  const { year, month, day } = fieldsIn(time, zone);
  return `${year}-${two(month)}-${two(day)}`;
}

const timeOf = ({ schedule }: PlacedSchedule): number => Date.parse(schedule.next_at ?? schedule.due_at);
const nextOf = ({ schedule }: PlacedSchedule): number | undefined =>
  schedule.next_at === null ? undefined : Date.parse(schedule.next_at);

export const byTime = (schedules: readonly PlacedSchedule[]): PlacedSchedule[] =>
  schedules.toSorted((a, b) => timeOf(a) - timeOf(b));

// By the day of their next time, those of a day in their order.
export function byDay(schedules: readonly PlacedSchedule[], zone: string): ReadonlyMap<string, PlacedSchedule[]> {
  const days = new Map<string, PlacedSchedule[]>();
  for (const placed of byTime(schedules)) {
    const next = nextOf(placed);
    if (next === undefined) continue;
    const day = dayOf(next, zone);
    days.set(day, [...(days.get(day) ?? []), placed]);
  }
  return days;
}

// "2026-12" and those beside it.
export function monthOf(text: string | undefined, now: number, zone: string): { year: number; month: number } {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? "");
  if (found) return { year: Number(found[1]), month: Number(found[2]) };
  const { year, month } = fieldsIn(now, zone);
  return { year, month };
}

export function monthText({ year, month }: { year: number; month: number }, step = 0): string {
  const date = new Date(Date.UTC(year, month - 1 + step, 1));
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}`;
}
