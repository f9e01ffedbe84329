import { describe, expect, it } from "vitest";
import type { Series } from "../../api/queries/series";
import type { FlagConfig, Rule } from "../../model/index";
import { countAt, stepCounts, touchedSteps } from "./step_counts";

const series = (by: "rule" | "reason", counts: Record<string, number>): Series =>
  ({
    step: "minute",
    from: "",
    to: "",
    series: Object.entries(counts).map(([name, count]) => ({ [by]: name === "null" ? null : name, count, points: [] })),
  }) as unknown as Series;

const rule = (id: string, share?: number): Rule => ({
  id,
  when: { attribute: "country", op: "is", values: [id] },
  serve: share === undefined ? { variation: "on" } : { split: { ranges: [[0, share, "on"]], otherwise: "off" } },
});
const config = (rules: Rule[], given: Partial<FlagConfig> = {}): FlagConfig => ({
  enabled: true,
  off: "off",
  prerequisites: [],
  targets: [],
  rules,
  fallthrough: { variation: "off" },
  ...given,
});

describe("where evaluations ended", () => {
  it("is told apart by rules and reasons", () => {
    const counts = stepCounts(
      series("rule", { a: 10, b: 20, null: 70 }),
      series("reason", { TARGETING_MATCH: 15, SPLIT: 20, DEFAULT: 60, DISABLED: 5 }),
      config([rule("a"), rule("b", 5000)]),
    );
    expect(counts?.of).toBe(100);
    expect(Object.fromEntries(counts?.at ?? [])).toEqual({ off: 5, targets: 5, else: 60, "rule:a": 10, "rule:b": 20 });
  });
  it("takes the share of everyone else from the splits that no rule has", () => {
    const counts = stepCounts(
      series("rule", { b: 20, null: 80 }),
      series("reason", { SPLIT: 100 }),
      config([rule("b", 5000)], { fallthrough: { split: { ranges: [], otherwise: "off" } } }),
    );
    expect(counts?.at.get("else")).toBe(80);
    expect(counts?.at.get("targets")).toBe(0);
  });
  it("is not known where nothing was counted", () => {
    expect(stepCounts(series("rule", {}), series("reason", {}), config([]))).toBeUndefined();
  });
});

describe("what a change touches", () => {
  const base = config([rule("a"), rule("b"), rule("c")]);
  const touched = (after: FlagConfig) => [...touchedSteps(base, after)].sort();
  it("is the rule whose serve changes", () => {
    expect(touched(config([rule("a"), rule("b", 100), rule("c")]))).toEqual(["rule:b"]);
  });
  it("is everything behind a rule that is new", () => {
    expect(touched(config([rule("a"), rule("n"), rule("b"), rule("c")]))).toEqual(["else", "rule:b", "rule:c"]);
  });
  it("is everything where the flag is turned off", () => {
    expect(touched({ ...base, enabled: false })).toEqual(["else", "off", "rule:a", "rule:b", "rule:c", "targets"]);
  });
  it("is nothing where nothing changes", () => {
    expect(touched(base)).toEqual([]);
  });
  it("is summed up", () => {
    expect(
      countAt(
        {
          of: 10,
          at: new Map([
            ["else", 4],
            ["off", 1],
          ]),
        },
        ["else", "rule:x"],
      ),
    ).toBe(4);
  });
});
