// Numbers, lists and times for people. The zone is the person's preference, else the browser's.

const language = "en";
let zone: string | undefined;

export function setTimeZone(name: string | undefined): void {
  zone = name;
}

export const timeZone = (): string => zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

const integer = new Intl.NumberFormat(language);
const conjunction = new Intl.ListFormat(language, { type: "conjunction" });

export const count = (n: number): string => integer.format(n);
export const list = (items: readonly string[]): string => conjunction.format(items);

export function percent(share: number, digits = 3): string {
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(share)} %`;
}

export function plural(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

// "2026-07-01 09:30:05 CEST"
export function exactTime(at: string | number | Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timeZone(),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).formatToParts(new Date(at));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  const date = `${part("year")}-${part("month")}-${part("day")}`;
  return `${date} ${part("hour")}:${part("minute")}:${part("second")} ${part("timeZoneName")}`;
}

// "2026-07-01"
export const day = (at: string | number | Date): string => exactTime(at).slice(0, 10);

// "09:30"
export function clock(at: number | Date): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: timeZone(), hour: "2-digit", minute: "2-digit" }).format(at);
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const relative = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "narrow" });

// "4min ago"
export function ago(at: string | number | Date, now: number = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  if (Math.abs(seconds) < 5) return "just now";
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
