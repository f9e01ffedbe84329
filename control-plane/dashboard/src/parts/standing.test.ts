import { describe, expect, it } from "vitest";
import { askAgainIn, standingOf, versionNumber } from "./standing";

const relay = (name: string, standing: string, detail = "") =>
  ({ relay: name, standing, detail, code: "bad_signature" }) as never;

describe("where a version is", () => {
  const mixed = standingOf([
    relay("a", "up_to_date"),
    relay("b", "pending"),
    relay("c", "rejected"),
    relay("d", "silent"),
    relay("e", "rejected", "its clock is wrong"),
    relay("f", "held"),
  ]);
  it("is counted by how relays stand", () => {
    expect(mixed).toEqual({
      have: 1,
      of: 6,
      behind: ["b"],
      held: ["f"],
      rejecting: [
        { relay: "c", detail: "bad_signature" },
        { relay: "e", detail: "its clock is wrong" },
      ],
      silent: ["d"],
      isComplete: false,
    });
  });
  it("is asked for until all relays have it, and seldom after a while", () => {
    const all = standingOf([relay("a", "up_to_date")]);
    expect([
      askAgainIn(undefined, 0),
      askAgainIn(mixed, 29_999),
      askAgainIn(mixed, 30_000),
      askAgainIn(all, 0),
    ]).toEqual([1_000, 1_000, 5_000, false]);
    expect(standingOf([]).isComplete).toBe(true);
  });
  it("has a number of its epoch", () => {
    expect(versionNumber("1763719200.4711")).toBe("4711");
    expect(versionNumber("7")).toBe("7");
  });
});
