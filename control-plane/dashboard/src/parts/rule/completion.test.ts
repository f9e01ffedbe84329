import { describe, expect, it } from "vitest";
import { completeRule } from "./completion";

const known = {
  attributes: [
    { name: "country", types: ["string"] },
    { name: "age", types: ["number"] },
    { name: "a b", types: [] },
  ],
  segments: ["beta", "staff"],
};
const labels = (text: string) => completeRule(text, text.length, known)?.items.map(({ label }) => label) ?? [];

describe("what may follow in a rule", () => {
  it("is an attribute where a condition begins", () => {
    for (const text of ["", "co", "age > 3 and ", "not ", "(", "age > 3 or (co"])
      expect(labels(text)).toContain("country");
    expect(completeRule("age > 3 and co", 14, known)?.from).toBe(12);
    expect(completeRule("", 0, known)?.items.find(({ label }) => label === "a b")?.apply).toBe('attribute "a b" ');
  });
  it("is an operator for what the attribute was seen with", () => {
    expect(labels("country ")).toContain("starts with");
    expect(labels("country ")).not.toContain(">");
    expect(labels("age ")).toContain(">=");
    expect(labels("age ")).not.toContain("starts with");
    expect(labels("unknown ")).toEqual(expect.arrayContaining([">", "starts with", "in network"]));
  });
  it("is a segment after its word", () => {
    expect(labels("segment ")).toEqual(["beta", "staff"]);
    expect(completeRule('not segment "st', 15, known)).toMatchObject({ from: 13, items: [{}, { apply: 'staff"' }] });
  });
  it("is nothing within a value", () => expect(labels('country is "D')).toEqual([]));
});
