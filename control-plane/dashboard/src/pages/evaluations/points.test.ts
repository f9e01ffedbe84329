import { describe, expect, it } from "vitest";
import type { Series } from "../../api/queries/series";
import { coloursOf, heights, pointsOf } from "./points";

const at = (hour: number) => `2026-07-01T0${hour}:00:00.000Z`;
const series: Series = {
  from: at(0),
  to: at(4),
  step: "hour",
  has_more: false,
  series: [
    {
      variation: "on",
      count: 30,
      points: [
        { at: at(0), count: 10 },
        { at: at(2), count: 20 },
      ],
    },
    { variation: null, count: 10, points: [{ at: at(0), count: 10 }] },
  ],
};

describe("evaluations over time", () => {
  const points = pointsOf(series, "variation");
  it("have no value where nothing was counted, and 0 where others were", () => {
    expect(points.lines.map((line) => line.values)).toEqual([
      [10, null, 20, null],
      [10, null, 0, null],
    ]);
    expect(points.lines.map((line) => line.name)).toEqual(["on", null]);
    expect([points.total, points.lastAt]).toEqual([40, Date.parse(at(2)) / 1000]);
  });
  it("are stacked, the first highest", () =>
    expect(heights(points, "stacked")).toEqual([
      [20, null, 20, null],
      [10, null, 0, null],
    ]));
  it("are shares of all that was counted", () =>
    expect(heights(points, "share")).toEqual([
      [100, null, 100, null],
      [50, null, 0, null],
    ]));
  it("may be nothing", () => expect(pointsOf({ ...series, series: [] }, "sdk")).toMatchObject({ total: 0, lines: [] }));
  it("have the colours of the flag's variations, and `false` that of off", () => {
    const variations = [
      { key: "no", value: false },
      { key: "on", value: true },
    ];
    const lines = ["on", "no", null, "gone"].map((name) => ({ name, count: 1, values: [] }));
    expect(coloursOf(lines, variations)).toEqual([2, 0, 0, 4]);
    expect(coloursOf(lines, [])).toEqual([1, 2, 0, 4]);
  });
});
