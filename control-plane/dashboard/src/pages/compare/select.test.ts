import { describe, expect, it } from "vitest";
import type { Environment } from "../../api/queries/projects";
import { partsOf } from "../../parts/item_sentence";
import { pair, promotionOf, selectedItems, undoOf } from "./select";

const envs = ["development", "staging", "production"].map((key) => ({ key }) as Environment);

describe("what is compared", () => {
  it("is the last two environments unless the address says otherwise", () => {
    expect(pair(envs, undefined, undefined)).toEqual({ from: "staging", to: "production" });
    expect(pair(envs, undefined, "staging")).toEqual({ from: "development", to: "staging" });
    expect(pair(envs, "production", undefined)).toEqual({ from: "production", to: "staging" });
    expect(pair(envs, "development", "production")).toEqual({ from: "development", to: "production" });
    expect(pair(envs, undefined, "development")).toEqual({ from: "staging", to: "development" });
  });

  it("names the parts that differ, in the order of evaluation", () => {
    const at = (pointer: string) => ({ pointer });
    expect(partsOf([at("/rules/0"), at("/off"), at("/enabled")])).toEqual(["enabled", "rules"]);
    expect(partsOf([at("/included/0/values")])).toEqual(["members"]);
  });
});

describe("a promotion", () => {
  const items = [
    { flag: "a", differences: [] },
    { segment: "a", differences: [] },
    { flag: "b", differences: [] },
  ];

  it("tells flags and segments of one key apart", () => {
    expect(selectedItems(items, new Set(["segment/a"]))).toEqual([items[1]]);
    expect(promotionOf("staging", "1.2", ["a", "segment/a"], [], false)).toEqual({
      from: "staging",
      from_version: "1.2",
      flags: ["a"],
      segments: ["a"],
    });
  });

  it("takes over some parts only when not all are chosen", () => {
    expect(promotionOf("staging", "1.2", ["a"], ["rules"], true)).toMatchObject({ parts: ["rules"], take_along: true });
    const all = ["enabled", "prerequisites", "targets", "rules", "fallthrough"] as const;
    expect(promotionOf("staging", "1.2", ["a"], all, false)).not.toHaveProperty("parts");
  });

  it("is undone for what it has changed, and nothing else", () => {
    expect(undoOf("1.7", [{ flag: "a", differences: [] }])).toEqual({ version: "1.7", flags: ["a"] });
  });
});
