import { describe, expect, it } from "vitest";
import { changeText } from "./review";

describe("what a change of members does", () => {
  it("counts what is new, and names the first few", () => {
    expect(changeText("add", ["a", "b", "c"], ["a"], "Included")).toBe(
      "Adds 2 values to included: b, c. 1 value is there already.",
    );
    expect(changeText("add", ["1", "2", "3", "4", "5", "6", "7"], [], "Excluded")).toBe(
      "Adds 7 values to excluded: 1, 2, 3, 4, 5 and 2 more.",
    );
  });
  it("says what is not there to be removed", () =>
    expect(changeText("remove", ["a", "x"], ["a"], "Included")).toBe(
      "Removes 1 value from included: a. 1 value is not there.",
    ));
});
