import { describe, expect, it } from "vitest";
import { inFragment, readContexts } from "./given";

const contexts = (text: string) => {
  const read = readContexts(text);
  return "contexts" in read ? read.contexts : read.errors;
};

describe("contexts that are asked about", () => {
  it("are keys, JSON, or JSON one a line", () => {
    expect(contexts("alice\nbob")).toEqual(['{"targetingKey":"alice"}', '{"targetingKey":"bob"}']);
    expect(contexts('{"targetingKey":"a","n":1.0}')).toEqual(['{"targetingKey":"a","n":1.0}']);
    expect(contexts('[{"a":1},{"a":2}]')).toEqual(['{"a":1}', '{"a":2}']);
    expect(contexts('{"a":1}\n{"a":2}')).toEqual(['{"a":1}', '{"a":2}']);
    expect(contexts("")).toEqual([]);
  });
  it("have errors with their lines", () => {
    expect(contexts('{"a":1}\n{"a":')).toMatchObject([{ line: 2 }]);
    expect(contexts('{"a"')).toMatchObject([{ detail: expect.any(String) }]);
  });
  it("come from the fragment, however it is broken", () => {
    expect(inFragment("#%7B%22a%22%3A1%7D")).toBe('{"a":1}');
    expect(inFragment("#%")).toBe("");
  });
});
