import { describe, expect, it } from "vitest";
import type { PastVersion } from "../../api/queries/versions";
import { arrivalsOf, changedSince, stepsOf } from "./steps";

describe("a staged version", () => {
  it("waits for its canaries, then for the soak time", () => {
    expect(stepsOf({ state: "held", waits_for: "not_everywhere" })).toEqual({
      canaries: "now",
      soak: "next",
      others: "next",
    });
    expect(stepsOf({ state: "held", waits_for: "soaking" })).toEqual({ canaries: "done", soak: "now", others: "next" });
    expect(stepsOf({ state: "held", waits_for: "soaked" })).toEqual({ canaries: "done", soak: "done", others: "now" });
  });
  it("stops where a canary refuses it", () => {
    expect(stepsOf({ state: "held", waits_for: "rejected" }).canaries).toBe("failed");
    expect(stepsOf({ state: "withdrawn", reason: "rejected" })).toEqual({
      canaries: "failed",
      soak: "next",
      others: "failed",
    });
    expect(stepsOf({ state: "withdrawn", reason: "person" })).toEqual({
      canaries: "done",
      soak: "failed",
      others: "failed",
    });
  });
  it("has come everywhere when it is released, or a later one has its content", () =>
    expect([stepsOf({ state: "released" }).others, stepsOf({ state: "replaced" }).others]).toEqual(["done", "done"]));
  it("puts back what was changed since the version that the others have", () => {
    const version = (number: number, flags: string[]) =>
      ({ version: `1.${number}`, flags, segments: [] }) as unknown as PastVersion;
    const versions = [version(9, ["b"]), version(8, ["a", "b"]), version(7, ["c"])];
    expect(changedSince(versions, "1.7")).toEqual(["a", "b"]);
    expect(changedSince(versions, "1.2")).toEqual([]);
  });
});

describe("how long a version took", () => {
  const given = (...since: (string | null)[]) =>
    ({
      published_at: "2026-07-01T00:00:00.000Z",
      relays: since.map((has_since) => ({ has_since })),
    }) as unknown as Parameters<typeof arrivalsOf>[0];
  it("is the time until half of the relays had it, and all", () => {
    const all = given("2026-07-01T00:00:02.000Z", "2026-07-01T00:00:00.300Z", "2026-07-01T00:00:01.000Z");
    expect(arrivalsOf(all)).toEqual({ half: 1, all: 2 });
  });
  it("is not known as long as one has not got it", () => {
    expect(arrivalsOf(given("2026-07-01T00:00:00.300Z", null))).toEqual({ half: 0.3, all: undefined });
    expect(arrivalsOf(given(null, null))).toEqual({ half: undefined, all: undefined });
    expect(arrivalsOf(given())).toEqual({ half: undefined, all: undefined });
    expect(arrivalsOf({ ...given("2026-07-01T00:00:00Z"), published_at: null }).all).toBeUndefined();
  });
});
