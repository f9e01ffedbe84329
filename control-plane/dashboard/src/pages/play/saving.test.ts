import { expect, it } from "vitest";
import { mostSaved, savedNames } from "./saving";

it("names of contexts that are saved together", () => {
  expect(savedNames("Alice", 1)).toEqual(["Alice"]);
  expect(savedNames("Staff", 2)).toEqual(["Staff 1", "Staff 2"]);
  const most = savedNames("Staff", mostSaved);
  expect(new Set(most).size).toBe(mostSaved);
  expect(most.toSorted()).toEqual(most);
});
