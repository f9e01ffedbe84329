import { describe, expect, it } from "vitest";
import { type Condition, newDraft, reduceDraft, resultOf, type SegmentMembers } from "../../model/index";
import { joined, onTop } from "./use_rules_draft";

const is = (value: string): Condition => ({ attribute: "country", op: "is", values: [value], ignore_case: false });
const members = (...values: string[]): SegmentMembers => ({
  included: [],
  excluded: [],
  rules: values.map((value) => ({ when: is(value) })),
});
const options = { salt: "", variations: [] };
const drafted = reduceDraft(newDraft("members", "r", 1, members("DE")), {
  type: "do",
  step: [{ kind: "add_rule", at: 1, when: is("AT") }],
});

describe("the draft of a segment's rules", () => {
  it("stays as it is when only lists were changed meanwhile", () => {
    const moved = onTop(drafted, 2, members("DE"));
    expect(moved.isOverlapping).toBe(false);
    expect(moved.draft.version).toBe(2);
    expect(resultOf(moved.draft, options)).toEqual({ value: members("DE", "AT") });
  });
  it("is settled as a whole when others have changed the rules", () => {
    expect(onTop(drafted, 2, members("FR")).isOverlapping).toBe(true);
    const mine = onTop(drafted, 2, members("FR"), "mine");
    expect([mine.isOverlapping, resultOf(mine.draft, options)]).toEqual([false, { value: members("DE", "AT") }]);
    const theirs = onTop(drafted, 2, members("FR"), "theirs");
    expect([theirs.draft.done, theirs.draft.base]).toEqual([[], members("FR")]);
  });
  it("has what is typed on in one rule as one instruction", () => {
    const added = [{ kind: "add_rule", at: 1, when: is("A") }] as const;
    expect(joined(added, { kind: "replace_rule", at: 1, when: is("AT") })).toEqual([
      { kind: "add_rule", at: 1, when: is("AT") },
    ]);
    expect(joined(added, { kind: "replace_rule", at: 0, when: is("AT") })).toHaveLength(2);
    expect(joined(added, { kind: "remove_rule", at: 1 })).toHaveLength(2);
  });
});
