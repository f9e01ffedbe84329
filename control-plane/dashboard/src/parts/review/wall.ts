// A time as people type it, in their zone. Pure.
import { fieldsIn, type Resolved, resolveWall } from "../../model/index";

const form = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})\s*$/;

// "2026-07-01 09:30"; undefined where it is not written so, or is no date.
export function readWall(text: string, zone: string): Resolved | undefined {
  const found = form.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDate || hour > 23 || minute > 59) return undefined;
  return resolveWall({ year, month, day, hour, minute }, zone);
}

const two = (n: number): string => String(n).padStart(2, "0");

// As readWall takes it.
export function wallText(time: number | undefined, zone: string): string {
  if (time === undefined) return "";
  const { year, month, day, hour, minute } = fieldsIn(time, zone);
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}
