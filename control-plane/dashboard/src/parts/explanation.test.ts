import { describe, expect, it } from "vitest";
import { decidingStep, readExplanation } from "./explanation";
import { type ExplainedNode, stepNodes } from "./explanation_tree";

const answer = {
  flag: "new-checkout",
  value: true,
  variation: "on",
  reason: "SPLIT",
  rule: "r-7f3a",
  steps: [
    { step: "enabled", holds: true },
    { step: "prerequisite", flag: "shop", wanted: ["on"], enabled: true, variation: "on", holds: true, steps: [] },
    { step: "target", attribute: "targetingKey", value: "alice", variation: "off", holds: false },
    {
      step: "rule",
      rule: "r-7f3a",
      when: {
        all: [
          { attribute: "country", op: "one_of", values: ["DE"], value: "DE", holds: true },
          {
            not: { op: "in_segment", values: ["staff"], segments: [{ segment: "staff", holds: false }], holds: false },
            holds: true,
          },
          { attribute: "age", op: "gt", values: [3], value: "x", problem: "not a number", holds: false },
        ],
        holds: true,
      },
      holds: true,
      serve: { split: { by: "targetingKey", unit: "alice", slot: 5720, range: [0, 25000], variation: "on" } },
    },
  ],
};
const read = readExplanation(JSON.stringify(answer));
const flat = (nodes: readonly ExplainedNode[]): string[] =>
  nodes.flatMap((node) => [`${node.text}${node.found ? ` (${node.found})` : ""}`, ...flat(node.children)]);

describe("an explanation", () => {
  it("names the step that decided", () => {
    expect(read && decidingStep(read)).toBe("rule:r-7f3a");
    expect(decidingStep({ steps: [{ step: "enabled", holds: false }] })).toBe("off");
    expect(decidingStep({ steps: [{ step: "fallthrough" }] })).toBe("else");
    expect(decidingStep({ steps: [] })).toBeUndefined();
  });
  it("is a tree with what was seen", () => {
    expect(flat(stepNodes(read?.steps ?? []))).toEqual([
      "The flag is on",
      "Prerequisite shop: wanted on, it answers on",
      "Targets by targetingKey: this one is not named",
      "Rule r-7f3a",
      "all of",
      'country in ["DE"] (is "DE")',
      "not",
      'segment "staff"',
      "Segment staff",
      'age > 3 (is "x", not a number)',
      "serves on (targetingKey alice has slot 5,720, in 0 to 25,000)",
    ]);
  });
  it("has the slot with the range that is served", () => {
    const nodes = stepNodes(read?.steps ?? []);
    expect(nodes.at(-1)?.children.at(-1)?.slot).toEqual({ at: 5720, from: 0, to: 25_000 });
    const bucket = { when: { bucket: { from: 100, to: 900 }, unit: "alice", slot: 500, holds: true }, holds: true };
    const [rule] = stepNodes([{ step: "rule", rule: "r", ...bucket }]);
    expect(rule?.children[0]?.slot).toEqual({ at: 500, from: 100, to: 900 });
    const [without] = stepNodes([{ step: "fallthrough", serve: { split: { by: "id", unit: null, slot: 0 } } }]);
    expect(without?.children[0]?.slot).toBeUndefined();
  });
  it("has each line once", () => {
    const ids: string[] = [];
    const walk = (nodes: readonly ExplainedNode[]): void => {
      for (const { id, children } of nodes) {
        ids.push(id);
        walk(children);
      }
    };
    walk(stepNodes(read?.steps ?? []));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
