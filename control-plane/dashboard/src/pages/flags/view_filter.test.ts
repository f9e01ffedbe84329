import { describe, expect, it } from "vitest";
import { usualColumns } from "./search";
import { losesColumns, ownSort, textOfView, viewColumns, viewFilter, viewSort } from "./view_filter";

describe("a saved view", () => {
  it.each([
    "tag:web type:json check",
    "owner:none",
    "state:off@production",
    'tag:"two words"',
    "life:release some words",
  ])("keeps %s", (text) => {
    const kept = viewFilter(text);
    if ("unsavable" in kept) throw new Error(kept.unsavable);
    expect(textOfView(kept)).toBe(text);
  });
  it.each([
    ["-tag:web", "-tag:web"],
    ["stale:yes x", "stale:yes"],
    ["owner:me", "owner:me"],
    ["state:on", "state:on"],
    ["type:json,string", "type:json,string"],
    ["a colour:red", "colour:red"],
  ])("of %s says what it cannot keep", (text, term) => expect(viewFilter(text)).toEqual({ unsavable: term }));
  it.each(["key", "-name", "-changed"])("keeps the order %s", (order) => {
    expect(ownSort(viewSort(order) ?? "")).toBe(order);
  });
  it("has no column of evaluations, and says so; the usual columns are kept as they are", () => {
    expect(losesColumns(usualColumns)).toBe(false);
    expect(viewColumns(usualColumns)).toEqual([]);
    expect(losesColumns(["type", "sparks"])).toBe(true);
    expect(viewColumns(["type", "sparks"])).toEqual(["type"]);
    expect(losesColumns(["type", "changed"])).toBe(false);
  });
  it("has no order by owner", () => expect(viewSort("-owner")).toBeUndefined());
});
