import { describe, expect, it } from "vitest";
import { type Credential, daysLeft, endingSoon, isUsedSince, standingOf, successorOf } from "./credential";

const now = Date.parse("2026-06-15T12:00:00Z");
const made = (changes: Partial<Credential>): Credential => ({
  id: "k1",
  name: "shop",
  created_at: "2026-01-01T00:00:00Z",
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
  replaces: null,
  ...changes,
});

describe("a credential", () => {
  it.each([
    [{}, "valid"],
    [{ expires_at: "2026-06-29T12:00:01Z" }, "valid"],
    [{ expires_at: "2026-06-29T12:00:00Z" }, "soon"],
    [{ expires_at: "2026-06-15T12:00:00Z" }, "expired"],
    [{ expires_at: "2026-06-29T12:00:00Z", revoked_at: "2026-06-01T00:00:00Z" }, "revoked"],
    [{ not_before: "2026-06-16T00:00:00Z" }, "not_yet"],
  ])("%j is %s", (changes, standing) => expect(standingOf(made(changes), now)).toBe(standing));
  it("has whole days left", () => {
    expect(daysLeft(made({ expires_at: "2026-06-18T11:59:59Z" }), now)).toBe(2);
    expect(daysLeft(made({ expires_at: "2026-06-15T13:00:00Z" }), now)).toBe(0);
  });
});

describe("rotation", () => {
  const old = made({ expires_at: "2026-06-16T12:00:00Z" });
  const next = made({ id: "k2", replaces: "k1" });
  it("is under way while the successor is live", () => {
    expect(successorOf(old, [old, next], now)).toBe(next);
    expect(successorOf(old, [old, { ...next, revoked_at: "2026-06-15T11:00:00Z" }], now)).toBeUndefined();
  });
  it("ends the warning", () => {
    expect(endingSoon([old], now)).toEqual([old]);
    expect(endingSoon([old, next], now)).toEqual([]);
  });
  it("tells a use after it from one before", () => {
    expect(isUsedSince(made({ last_used_at: "2026-06-15T11:01:00Z" }), "2026-06-15T11:00:30Z")).toBe(true);
    expect(isUsedSince(made({ last_used_at: "2026-06-15T11:00:00Z" }), "2026-06-15T11:00:30Z")).toBe(false);
    expect(isUsedSince(made({}), "2026-06-15T11:00:30Z")).toBe(false);
  });
});
