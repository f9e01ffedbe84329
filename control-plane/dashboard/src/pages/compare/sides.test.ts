import { describe, expect, it } from "vitest";
import { differing, isPast, sideOf } from "./sides";

const ruleset = (...flags: object[]) =>
  JSON.stringify({ flags, segments: [{ key: "staff", version: 1, included: [] }] });

describe("sides of a comparison", () => {
  it("are environments, now or at a version", () => {
    expect(sideOf("production@8")).toEqual({ env: "production", version: "8" });
    expect(sideOf("production")).toEqual({ env: "production", version: undefined });
    expect(sideOf("")).toBeUndefined();
    expect([isPast("a@1"), isPast("a@"), isPast(undefined)]).toEqual([true, false, false]);
  });

  it("differ in what they serve, not in numbers or in defaults that are left out", () => {
    const same = { key: "same", version: 1, enabled: true, fallthrough: { variation: "on" } };
    const before = ruleset(same, { key: "changed", version: 1, enabled: false }, { key: "gone", enabled: true });
    const after = ruleset({ ...same, version: 9, rules: [] }, { key: "changed", version: 2, enabled: true });
    expect(differing(before, after).map(({ id, before: old, after: now }) => [id, old !== null, now !== null])).toEqual(
      [
        ["changed", true, true],
        ["gone", true, false],
      ],
    );
  });
});
