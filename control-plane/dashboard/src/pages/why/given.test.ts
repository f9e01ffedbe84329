import { describe, expect, it } from "vitest";
import { readContexts } from "./given";

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
});
