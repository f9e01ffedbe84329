import { describe, expect, it } from "vitest";
import { move } from "./table_keys";

describe("keys in a list", () => {
  it.each<[string, number, number | undefined]>([
    ["ArrowDown", 0, 1],
    ["j", 9, 9],
    ["ArrowUp", 0, 0],
    ["k", 5, 4],
    ["PageDown", 2, 6],
    ["PageUp", 2, 0],
    ["Home", 5, 0],
    ["End", 5, 9],
    ["a", 5, undefined],
  ])("%s from %i", (key, from, to) => expect(move(key, from, 10, 4)).toBe(to));
  it("move nowhere where there is nothing", () => expect(move("End", 0, 0, 4)).toBeUndefined());
});
