import { describe, expect, it } from "vitest";
import { type ApplyOptions, type FlagConfig, newDraft, reduceDraft, resultOf } from "../../model/index";
import { addRule, duplicateRule, editRule, moveRule, newRuleId, restoreRule } from "./edits";

const on = { variation: "on" };
const rule = (id: string, country = id) => ({
  id,
  when: { attribute: "country", op: "is", values: [country] },
  serve: on,
});
const config: FlagConfig = {
  enabled: true,
  off: "off",
  prerequisites: [],
  targets: [],
  rules: [rule("a"), rule("b"), rule("c")],
  fallthrough: { variation: "off" },
};
const options: ApplyOptions = { salt: "f", variations: ["on", "off"] };
const draft = newDraft("config", "projects/p/flags/f/environments/e", 1, config);
const ids = (made: ReturnType<typeof resultOf<"config">>) =>
  "value" in made ? made.value.rules.map(({ id }) => id) : made;

describe("editing rules", () => {
  it("fills in what has just been added in the same step", () => {
    let next = reduceDraft(draft, { type: "do", step: addRule("n", { all: [] }, on) });
    next = reduceDraft(next, editRule(next, "n", { when: { attribute: "x", op: "exists" } }, true));
    next = reduceDraft(next, editRule(next, "n", { serve: { variation: "off" } }, false));
    expect(next.done).toHaveLength(1);
    const made = resultOf(next, options);
    expect("value" in made && made.value.rules[3]).toMatchObject({ id: "n", serve: { variation: "off" } });
  });
  it("is one step while it is typed on, and another one elsewhere", () => {
    let next = reduceDraft(draft, editRule(draft, "a", { serve: { variation: "off" } }, false));
    next = reduceDraft(next, editRule(next, "a", { serve: on }, true));
    expect(next.done).toHaveLength(1);
    next = reduceDraft(next, editRule(next, "b", { serve: { variation: "off" } }, true));
    expect(next.done).toHaveLength(2);
  });
  it("puts a removed rule back where it was", () => {
    for (const id of ["a", "b", "c"]) {
      const gone = reduceDraft(draft, { type: "do", step: [{ kind: "remove_rule", rule: id }] });
      const left = resultOf(gone, options);
      if (!("value" in left)) throw new Error("refused");
      const back = reduceDraft(gone, { type: "do", step: restoreRule(left.value, config, id) });
      expect(ids(resultOf(back, options))).toEqual(["a", "b", "c"]);
    }
  });
  it("moves to a position, and no further than there is", () => {
    const moved = (id: string, to: number) =>
      ids(resultOf(reduceDraft(draft, { type: "do", step: moveRule(config, id, to) }), options));
    expect(moved("a", 1)).toEqual(["b", "a", "c"]);
    expect(moved("a", 9)).toEqual(["b", "c", "a"]);
    expect(moved("c", -1)).toEqual(["c", "a", "b"]);
    expect(moveRule(config, "b", 1)).toEqual([]);
  });
  it("duplicates behind the rule", () => {
    const step = duplicateRule(rule("a"), "copy");
    expect(ids(resultOf(reduceDraft(draft, { type: "do", step }), options))).toEqual(["a", "copy", "b", "c"]);
  });
  it("gives ids that nobody has", () => {
    const numbers = [0, 0.5];
    expect(newRuleId(["r-000000"], () => numbers.shift() ?? 0)).toBe("r-i00000");
  });
});
