import { describe, expect, it } from "vitest";
import type { Guard } from "../../api/queries/rollouts";
import { guardText, nowAt, outline, stairsOf } from "./stairs";

const steps = [{ share: 1000 }, { share: 25_000, approval: true }, { share: 100_000 }];
const states = (step: number, state: "running" | "completed" | "rolled_back") =>
  stairsOf({ steps, step, state }).map((stair) => stair.state);

describe("the staircase", () => {
  it("says of each step whether it was taken, holds, comes next or later", () => {
    expect(states(1, "running")).toEqual(["now", "next", "later"]);
    expect(states(2, "running")).toEqual(["taken", "now", "next"]);
    expect(states(0, "running")).toEqual(["next", "later", "later"]);
    expect(states(3, "completed")).toEqual(["taken", "taken", "taken"]);
    expect(states(1, "rolled_back")).toEqual(["taken", "later", "later"]);
  });

  it("is drawn in the box, step by step", () => {
    expect(outline(stairsOf({ steps: [{ share: 50_000 }, { share: 100_000 }], step: 1, state: "running" }))).toBe(
      "0,100 0,50 50,50 50,0 100,0 100,100",
    );
    expect(nowAt(4, 1)).toBe(12.5);
    expect(nowAt(4, 4)).toBe(87.5);
  });
});

describe("guards in words", () => {
  it("are of three kinds", () => {
    const text = (guard: object) => guardText(guard as Guard);
    expect(text({ evaluations: "share", variation: "on", reason: "ERROR", above: 0.05, window: "5m" })).toBe(
      "Share of evaluations that get on, with the reason ERROR above 5 % over 5m",
    );
    expect(text({ prometheus: "main", query: "up", below: 1 })).toBe("up below 1");
    expect(text({ prometheus: "main", error_ratio: "errors", slo: 0.999 })).toBe(
      "Burn rate of errors at least 14.4 over 1h and 5m",
    );
  });
});
