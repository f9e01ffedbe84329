import { describe, expect, it } from "vitest";
import type { Condition } from "../../model/index";
import { pathAt, pathOfPointer, selectionOf } from "./node_places";

const when: Condition = {
  all: [{ attribute: "city", op: "is", values: ["🎉"] }, { not: { attribute: "plan", op: "is", values: ["pro"] } }],
};
const text = 'city is "🎉" and not plan is "pro"';
const places = [
  { pointer: "", line: 1, column: 1 },
  { pointer: "/all/0", line: 1, column: 1 },
  { pointer: "/all/1", line: 1, column: 17 },
  { pointer: "/all/1/not", line: 1, column: 21 },
];

describe("a node in both views", () => {
  it("has a path", () => {
    expect(pathOfPointer("")).toEqual([]);
    expect(pathOfPointer("/all/1/not/any/2")).toEqual([1, 0, 2]);
    expect(pathOfPointer("/all/1/values/0")).toEqual([1]);
  });
  it("is the one at the cursor", () => {
    expect(pathAt(text, places, 3)).toEqual([0]);
    expect(pathAt(text, places, text.length)).toEqual([1, 0]);
    expect(pathAt(text, [], 3)).toBeUndefined();
  });
  it("is selected as it is written", () => {
    const found = selectionOf(text, places, when, [1, 0]);
    expect(text.slice(found?.from, found?.to)).toBe('plan is "pro"');
    expect(selectionOf(text, places, when, [7])).toBeUndefined();
  });
});
