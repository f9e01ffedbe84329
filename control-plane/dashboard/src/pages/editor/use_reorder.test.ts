import { describe, expect, it } from "vitest";
import { dropAt } from "./use_reorder";

describe("dropping a card", () => {
  const middles = [10, 30, 50];
  it.each([
    [0, 5, 0],
    [0, 35, 1],
    [0, 99, 2],
    [2, 5, 0],
    [2, 20, 1],
    [1, 30, 1],
  ])("from %i at %i is position %i", (from, y, to) => expect(dropAt(middles, from, y)).toBe(to));
});
