import { describe, expect, it } from "vitest";
import type { Condition } from "../../model/index";
import { liftNode, moveChild, moveNode, nestNode, readValue, replaceAt, withKind, withOperator } from "./tree_edits";

const is = (value: string): Condition => ({ attribute: "a", op: "is", values: [value] });
const tree: Condition = { all: [is("1"), { any: [is("2"), is("3")] }, { not: is("4") }] };

describe("changing a condition's tree", () => {
  it("replaces and removes at a path", () => {
    expect(replaceAt(tree, [1, 0], is("9"))).toEqual({ all: [is("1"), { any: [is("9"), is("3")] }, { not: is("4") }] });
    expect(replaceAt(tree, [0], undefined)).toEqual({ all: [{ any: [is("2"), is("3")] }, { not: is("4") }] });
    expect(replaceAt(tree, [2, 0], undefined)).toEqual({ all: [is("1"), { any: [is("2"), is("3")] }] });
    expect(replaceAt(tree, [], is("9"))).toEqual(is("9"));
    expect(replaceAt(tree, [7], is("9"))).toEqual(tree);
  });
  it("changes the kind of a group without nesting it", () => {
    expect(withKind({ all: [is("1"), is("2")] }, "any")).toEqual({ any: [is("1"), is("2")] });
    const negated = withKind({ all: [is("1"), is("2")] }, "not");
    expect(negated).toEqual({ not: { all: [is("1"), is("2")] } });
    expect(withKind(negated, "all")).toEqual({ all: [is("1"), is("2")] });
  });
  it("moves among siblings only", () => {
    expect(moveChild({ all: [is("1"), is("2")] }, 0, 1)).toEqual({ all: [is("2"), is("1")] });
    expect(moveChild({ all: [is("1"), is("2")] }, 0, 2)).toEqual({ all: [is("1"), is("2")] });
  });
  it("moves a node, and says where it is then", () => {
    expect(moveNode(tree, [0], 1)).toEqual({
      when: { all: [{ any: [is("2"), is("3")] }, is("1"), { not: is("4") }] },
      path: [1],
    });
    expect(moveNode(tree, [0], -1)).toBeUndefined();
    expect(nestNode(tree, [2])).toEqual({
      when: { all: [is("1"), { any: [is("2"), is("3"), { not: is("4") }] }] },
      path: [1, 2],
    });
    expect(nestNode(tree, [1])).toBeUndefined(); // behind a comparison
    expect(liftNode(tree, [1, 0])).toEqual({
      when: { all: [is("1"), { any: [is("3")] }, is("2"), { not: is("4") }] },
      path: [2],
    });
    expect(liftNode({ all: [{ any: [is("1")] }, is("2")] }, [0, 0])).toEqual({
      when: { all: [is("1"), is("2")] },
      path: [0],
    });
    expect(liftNode({ all: [{ not: is("1") }, is("2")] }, [0, 0])).toEqual({
      when: { all: [is("1"), is("2")] },
      path: [0],
    });
    expect(liftNode(tree, [0])).toBeUndefined();
  });
  it("keeps values that the operator takes", () => {
    expect(withOperator({ attribute: "a", op: "is", values: ["x"] }, "one_of")).toMatchObject({ values: ["x"] });
    expect(withOperator({ attribute: "a", op: "is", values: ["x"] }, "exists")).toEqual({
      attribute: "a",
      op: "exists",
      values: [],
    });
    expect(withOperator({ attribute: "a", op: "gt", values: [3] }, "version_gt")).toMatchObject({ values: [""] });
  });
  it("reads values by what was seen", () => {
    expect(readValue("17", undefined, ["number"])).toBe(17);
    expect(readValue("17", undefined, ["string"])).toBe("17");
    expect(readValue("17", "x", [])).toBe("17");
    expect(readValue("true", undefined, [])).toBe(true);
  });
});
