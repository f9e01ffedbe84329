// A series of the API as what is drawn and what stands in the table. Pure.

import type { By, Series, SeriesLine } from "../../api/queries/series";
import type { Variation } from "../../model/index";
import { colourNumber } from "../../parts/split/variation";

export type As = "stacked" | "share" | "lines";

export interface Named {
  name: string | null; // null: none, or not known
  count: number;
  values: (number | null)[];
}

export interface Points {
  times: number[]; // seconds; each step of the range
  lines: Named[]; // the largest first
  total: number;
  lastAt: number | undefined; // seconds: the last step in which anything was counted
}

const stepSeconds = { minute: 60, hour: 3_600, day: 86_400 };

const nameOf = (line: SeriesLine, by: By): string | null => {
  const name = line[by];
  return name === undefined || name === null || name === "" ? null : String(name);
};

// A step in which nothing at all was counted has no value; one in which others were counted is 0.
export function pointsOf(series: Series, by: By): Points {
  const step = stepSeconds[series.step];
  const from = Date.parse(series.from) / 1000;
  const count = Math.max(0, Math.round((Date.parse(series.to) / 1000 - from) / step));
  const times = Array.from({ length: count }, (_, i) => from + i * step);
  const counted = new Set(series.series.flatMap((line) => line.points.map((point) => Date.parse(point.at) / 1000)));
  const lines = series.series.map((line) => {
    const at = new Map(line.points.map((point) => [Date.parse(point.at) / 1000, point.count]));
    return {
      name: nameOf(line, by),
      count: line.count,
      values: times.map((time) => (counted.has(time) ? (at.get(time) ?? 0) : null)),
    };
  });
  return {
    times,
    lines,
    total: lines.reduce((sum, line) => sum + line.count, 0),
    lastAt: counted.size === 0 ? undefined : Math.max(...counted),
  };
}

// The heights of the lines: each on those after it where they are stacked, so that the first one is drawn first and highest.
export function heights({ lines, times }: Points, as: As): (number | null)[][] {
  if (as === "lines") return lines.map((line) => line.values);
  const sums = times.map((_, i) => lines.reduce((sum, line) => sum + (line.values[i] ?? 0), 0));
  return lines.map((_, at) =>
    times.map((_, i) => {
      if (lines[at]?.values[i] === null) return null;
      const height = lines.slice(at).reduce((sum, line) => sum + (line.values[i] ?? 0), 0);
      const whole = sums[i] ?? 0;
      return as === "share" ? (whole === 0 ? null : (100 * height) / whole) : height;
    }),
  );
}

// Of a flag's variations, those that the flag has everywhere. Else by size.
export const coloursOf = (lines: readonly Named[], variations: readonly Variation[]): number[] =>
  lines.map(({ name }, i) => (name === null ? 0 : (colourNumber(variations, name) ?? i + 1)));
