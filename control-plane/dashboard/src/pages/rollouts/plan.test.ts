import { describe, expect, it } from "vitest";
import { newGuard, newStep, planOf, usualSteps, variationsOf } from "./plan";

const form = { flag: "f", rule: null, from: "off", to: "on", steps: usualSteps, guards: [] };

describe("a plan that is typed", () => {
  it("has shares in slots, and only what was filled in", () => {
    expect(planOf({ ...form, steps: [newStep("0,5", "15m"), { ...newStep("100", " "), approval: true }] })).toEqual({
      flag: "f",
      rule: null,
      from: "off",
      to: "on",
      steps: [
        { share: 500, hold: "15m" },
        { share: 100_000, approval: true },
      ],
    });
  });
  it("sends what is no number as it is, so that the server names the place", () => {
    const steps = [{ ...newStep("many"), evaluations: "some" }];
    expect(planOf({ ...form, steps }).steps).toEqual([{ share: "many", hold: "1h", min_evaluations: "some" }]);
  });
  it("has guards of each kind", () => {
    const guards = [
      newGuard("evaluations"),
      { ...newGuard("query", "main"), expression: "up", limit: "3" },
      { ...newGuard("burn", "main"), expression: "errors[$window]" },
      { ...newGuard("evaluations"), measure: "number" as const, reason: "", limit: "9" },
    ];
    expect(planOf({ ...form, guards }).guards).toEqual([
      { evaluations: "share", reason: "ERROR", above: 0.01, window: "10m", min_evaluations: 500, on_breach: "hold" },
      { prometheus: "main", query: "up", above: 3, for: "5m", on_breach: "rollback" },
      { prometheus: "main", error_ratio: "errors[$window]", slo: 0.999, burn: 14.4, on_breach: "rollback" },
      { evaluations: "number", variation: "on", above: 9, window: "10m", on_breach: "hold" },
    ]);
  });
  it("grows from what is served", () => {
    const keys = ["on", "off", "other"];
    expect(variationsOf({ variation: "off" }, keys)).toEqual({ from: "off", to: "on" });
    const split = { ranges: [[0, 1000, "other"]], otherwise: "off" } as const;
    expect(variationsOf({ split }, keys)).toEqual({ from: "off", to: "other" });
    expect(variationsOf(undefined, keys)).toEqual({ from: "on", to: "off" });
  });
});
