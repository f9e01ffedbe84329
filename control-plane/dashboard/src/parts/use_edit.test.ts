import { describe, expect, it } from "vitest";
import { realChanges } from "./use_edit";

describe("a form", () => {
  const base = { name: "Shop", tags: ["a"], order: 1 };
  it("sends what differs, and nothing else", () => {
    expect(realChanges(base, { name: "Shop", order: 2 })).toEqual({ order: 2 });
    expect(realChanges(base, { tags: ["a"] })).toEqual({});
    expect(realChanges(base, { tags: [] })).toEqual({ tags: [] });
  });
});
