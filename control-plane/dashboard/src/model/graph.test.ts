import { expect, test } from "vitest";
import { about, layers, type Nested, nested, type Requirement, requirementsOf } from "./graph";
import { fc } from "./testing";

const edge = (from: string, to: string): Requirement => ({ from, to, variations: ["on"] });
const edges = [edge("search", "checkout"), edge("checkout", "payments"), edge("banner", "payments"), edge("x", "y")];

test("requirements are those of the plain form", () => {
  const ruleset = {
    flags: [
      { key: "a", prerequisites: [{ flag: "b", variations: ["on", "beta"] }] },
      { key: "b", prerequisites: [] },
      { key: "c" },
    ],
  };
  expect(requirementsOf(ruleset)).toEqual([{ from: "a", to: "b", variations: ["on", "beta"] }]);
  expect(requirementsOf(null)).toEqual([]);
});

test("about a flag is what it needs and what needs it, not what else these need", () => {
  expect(about(edges, "checkout")).toEqual([edge("search", "checkout"), edge("checkout", "payments")]);
  expect(about(edges, "payments").map(({ from }) => from)).toEqual(["search", "checkout", "banner"]);
  expect(about(edges, "nobody")).toEqual([]);
});

test("nested lists go as deep as requirements do", () => {
  const text = (list: readonly Nested[]): string =>
    list.map(({ flag, below }) => flag + (below.length > 0 ? `(${text(below)})` : "")).join(" ");
  expect(text(nested(edges, "search", "needs"))).toBe("checkout(payments)");
  expect(text(nested(edges, "payments", "needed_by"))).toBe("checkout(search) banner");
});

test("each flag stands behind all that it needs", () => {
  expect(layers(edges)).toEqual([["payments", "y"], ["banner", "checkout", "x"], ["search"]]);
  const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
  fc.assert(
    fc.property(fc.array(fc.tuple(key, key)), (pairs) => {
      // The server refuses cycles, so a flag needs only flags before it.
      const made = pairs.filter(([from, to]) => from > to).map(([from, to]) => edge(from, to));
      const found = layers(made);
      const at = (flag: string): number => found.findIndex((layer) => layer.includes(flag));
      for (const { from, to } of made) expect(at(from)).toBeGreaterThan(at(to));
      expect(found.flat().sort()).toEqual([...new Set(made.flatMap(({ from, to }) => [from, to]))].sort());
    }),
  );
});

test("a circle, which no server has, ends too", () => {
  const circle = [edge("a", "b"), edge("b", "a")];
  expect(layers(circle).flat().sort()).toEqual(["a", "b"]);
  expect(nested(circle, "a", "needs")).toEqual([{ flag: "b", variations: ["on"], below: [] }]);
});
