// Times as people read them: in their zone, in the organisation's and in UTC, always with the zone
// written beside. Everything is Intl's; times are milliseconds since 1970.

/** An IANA zone that this browser knows: "Europe/Vienna", "UTC". */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone !== "";
  } catch {
    return false;
  }
}

/** The zone of the browser. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

type Fields = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify([locale, zone, options]);
  const held = formatters.get(name) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formatters.set(name, held);
  return held;
}

const numeric: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};

/** The fields of a time in a zone. */
export function fieldsIn(time: number, zone: string): Fields {
  const parts = formatter("en-US", zone, numeric).formatToParts(time);
  const field = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: field("year"),
    month: field("month"),
    day: field("day"),
    hour: field("hour"),
    minute: field("minute"),
    second: field("second"),
  };
}

/** How far a zone is before UTC at a time, in minutes: 120 for Vienna in summer. */
export function offsetMinutes(time: number, zone: string): number {
  const { year, month, day, hour, minute, second } = fieldsIn(time, zone);
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000) / 60_000);
}

/** "+02:00", "UTC" where there is none. */
export function offsetText(time: number, zone: string): string {
  const minutes = offsetMinutes(time, zone);
  if (minutes === 0) return "UTC";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

export type Instant = {
  /** "1 Jul 2026, 11:30", as the locale writes it. */
  readonly text: string;
  readonly zone: string;
  readonly offset: string;
};

/** A time in a zone, with the zone. `seconds`: to the second. */
export function instant(time: number, zone: string, locale: string, seconds = false): Instant {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: seconds ? "medium" : "short" };
  return { text: formatter(locale, zone, options).format(time), zone, offset: offsetText(time, zone) };
}

/** The same time in several zones, each once, and in UTC last: what a schedule shows. */
export function inZones(time: number, zones: readonly string[], locale: string): Instant[] {
  const names = [...new Set([...zones.filter((zone) => zone !== "UTC"), "UTC"])];
  return names.map((zone) => instant(time, zone, locale));
}

/** "2026-07-01T09:30:00Z", to the second, as the API takes times. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** A time of the API; undefined where the text is none. */
export function parseTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? undefined : time;
}

/** What a wall clock of a zone shows, for date and time fields. */
export type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};
/** `skipped`: the clock never shows this time; `twice`: it shows it twice, and the first is meant. */
export type Resolved = { readonly time: number; readonly kind: "once" | "skipped" | "twice" };

/** The time that a wall clock means. A skipped one is moved on by the gap, as calendars do. */
export function resolveWall({ year, month, day, hour, minute }: WallTime, zone: string): Resolved {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = [...new Set([asUtc - 86_400_000, asUtc + 86_400_000].map((time) => offsetMinutes(time, zone)))];
  const found = offsets
    .map((offset) => ({ time: asUtc - offset * 60_000, offset }))
    .filter(({ time, offset }) => offsetMinutes(time, zone) === offset)
    .map(({ time }) => time)
    .sort((a, b) => a - b);
  const [first] = found;
  if (first === undefined) return { time: asUtc - Math.min(...offsets) * 60_000, kind: "skipped" };
  return { time: first, kind: found.length > 1 ? "twice" : "once" };
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["second", 1000],
  ["minute", 60_000],
  ["hour", 3_600_000],
  ["day", 86_400_000],
  ["week", 604_800_000],
  ["month", 2_629_746_000],
  ["year", 31_556_952_000],
];
const last = steps.length - 1;

function stepFor(millis: number): readonly [Intl.RelativeTimeFormatUnit, number] {
  const next = steps.findIndex(([, length]) => length > millis);
  return steps[next < 0 ? last : Math.max(0, next - 1)] ?? ["second", 1000];
}

/** "4 seconds ago", "in 2 hours", "now": whole units, rounded towards now. */
export function relativeAge(time: number, now: number, locale: string): string {
  const difference = time - now;
  const [unit, length] = stepFor(Math.abs(difference));
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.trunc(difference / length) + 0, unit);
}

/** How long until relativeAge() says something else, to draw it again just then. */
export function ageChangesIn(time: number, now: number): number {
  const difference = Math.abs(time - now);
  const [, length] = stepFor(difference);
  return time > now ? Math.max(1, (difference % length) + 1) : length - (difference % length);
}

/** "2 h 5 min", "450 ms", "3 d": at most two units, the larger first. */
export function duration(millis: number, locale: string): string {
  const units: readonly [string, number][] = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
    ["millisecond", 1],
  ];
  const whole = Math.max(0, Math.round(millis));
  const at = Math.max(
    0,
    units.findIndex(([, length]) => whole >= length),
  );
  let rest = whole === 0 ? 0 : whole;
  const shown = (whole === 0 ? units.slice(-1) : units.slice(at, at + 2)).map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return { unit, count };
  });
  const parts = shown.filter(({ count }, i) => i === 0 || count > 0);
  return parts
    .map(({ unit, count }) =>
      new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(count),
    )
    .join(" ");
}

/** Milliseconds of "90m", "2h", "3d", "45s", as options of the programs are written. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^([1-9][0-9]{0,5})(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  return count === undefined
    ? undefined
    : Number(count) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ""] ?? 0);
}

/** The days of a month in a zone's calendar, Monday first, with those around it: whole weeks. */
export function monthDays(
  year: number,
  month: number,
): { readonly year: number; readonly month: number; readonly day: number; readonly isInMonth: boolean }[] {
  const first = Date.UTC(year, month - 1, 1);
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length: Math.ceil((lead + length) / 7) * 7 }, (_, i) => {
    const date = new Date(first + (i - lead) * 86_400_000);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      isInMonth: date.getUTCMonth() === month - 1,
    };
  });
}
