import { describe, expect, it } from "vitest";
import type { FlagConfig, Serve } from "../../model/index";
import { stairsOf } from "./stairs";

const split = (share: number, rest = {}): Serve => ({
  split: { ranges: [[0, share, "on"]], otherwise: "off", ...rest },
});
const config = (fallthrough: Serve, given: Partial<FlagConfig> = {}): FlagConfig => ({
  enabled: true,
  off: "off",
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough,
  ...given,
});
const off = { variation: "off" };

describe("a change that can be made in steps", () => {
  it("is a share that grows to everybody", () => {
    expect(stairsOf(config(split(5_000)), config(split(100_000)))).toEqual({
      ...{ from: "off", to: "on", present: 5_000, share: 100_000 },
    });
    expect(stairsOf(config(split(5_000)), config(split(99_999)))).toBeUndefined();
    expect(stairsOf(config(off), config({ variation: "on" }))).toMatchObject({ to: "on", present: 0, share: 100_000 });
  });
  it("is one of a rule, too", () => {
    const rule = (serve: Serve) => ({ rules: [{ id: "r", when: { all: [] }, serve }] });
    expect(stairsOf(config(off, rule(split(100))), config(off, rule(split(100_000))))).toMatchObject({ rule: "r" });
    const next = { split: { ranges: [[0, 100, "on"]], otherwise: "next" } } as unknown as Serve;
    expect(stairsOf(config(off, rule(next)), config(off, rule(split(100_000))))).toBeUndefined();
  });
  it("is nothing else beside it, no other deal, and no flag that is off", () => {
    expect(stairsOf(config(split(5_000)), config(split(100_000), { off: null }))).toBeUndefined();
    expect(stairsOf(config(split(5_000)), config(split(100_000, { salt: "b" })))).toBeUndefined();
    expect(stairsOf(config(split(5_000)), config(split(100_000), { enabled: false }))).toBeUndefined();
    expect(stairsOf(config(off), config(off))).toBeUndefined();
  });
});
