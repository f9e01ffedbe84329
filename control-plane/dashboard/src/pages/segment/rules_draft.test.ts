import { expect, it } from "vitest";
import type { Condition } from "../../model/index";
import { joined } from "./use_rules_draft";

const is = (value: string): Condition => ({ attribute: "country", op: "is", values: [value] });

it("what is typed on in one rule is one instruction", () => {
  const added = [{ kind: "add_rule", at: 1, when: is("A") }] as const;
  expect(joined(added, { kind: "replace_rule", at: 1, when: is("AT") })).toEqual([
    { kind: "add_rule", at: 1, when: is("AT") },
  ]);
  expect(joined(added, { kind: "replace_rule", at: 0, when: is("AT") })).toHaveLength(2);
  expect(joined(added, { kind: "remove_rule", at: 1 })).toHaveLength(2);
});
