import { describe, expect, it } from "vitest";
import type { FlagEntry } from "../../api/queries/flag_index";
import { completions, makeFilter, parseTerms, without } from "./filter";
import { textOfView, viewFilter } from "./view_filter";

const config = (enabled: boolean, percent = 100) => ({
  enabled,
  percent,
  version: 1,
  updated_at: "",
  requests: 0,
  schedules: 0,
  rollouts: 0,
  stale: null,
});
const flag = (key: string, changes: Partial<FlagEntry> = {}): FlagEntry => ({
  key,
  name: key,
  type: "boolean",
  tags: [],
  owner: "",
  lifetime: null as never,
  version: 1,
  updated_at: "",
  stale: [],
  environments: { production: config(false), staging: config(true, 25) },
  ...changes,
});
const flags = [
  flag("checkout", {
    tags: ["web", "two words"],
    owner: "ana@example.com",
    environments: { production: config(true), staging: config(false) },
  }),
  flag("search", { type: "json", stale: ["unused"] }),
  flag("Zürich", { name: "Größe", owner: "web-team", lifetime: "release" }),
];
const shown = (text: string, me = "ana@example.com") =>
  flags.filter(makeFilter(text, me).matches).map((one) => one.key);

describe("the filter", () => {
  it.each<[string, string[]]>([
    ["", ["checkout", "search", "Zürich"]],
    ["CHECK", ["checkout"]],
    ["größe", ["Zürich"]],
    ["tag:web", ["checkout"]],
    ['tag:"two words"', ["checkout"]],
    ["-tag:web", ["search", "Zürich"]],
    ["type:json", ["search"]],
    ["owner:me", ["checkout"]],
    ["owner:none", ["search"]],
    ["stale:yes", ["search"]],
    ["stale:unused", ["search"]],
    ["stale:no", ["checkout", "Zürich"]],
    ["state:on@production", ["checkout"]],
    ["state:off@production", ["search", "Zürich"]],
    ["state:partial@staging", ["search", "Zürich"]],
    ["state:on@nowhere", []],
    ["life:release", ["Zürich"]],
    ["web e", ["checkout"]],
    ["type:json state:on@production", []],
  ])("%s", (text, keys) => expect(shown(text)).toEqual(keys));

  it("says which term it does not understand, and filters by the others", () => {
    const filter = makeFilter("colour:red state:purple check", "");
    expect(filter.unknown.map((term) => term.text)).toEqual(["colour:red", "state:purple"]);
    expect(flags.filter(filter.matches).map((one) => one.key)).toEqual(["checkout"]);
  });
  it("loses one term at a time", () => {
    expect(without("tag:web  check", "tag:web")).toBe("check");
    expect(parseTerms('a tag:"b c"').map((term) => term.text)).toEqual(["a", 'tag:"b c"']);
  });
  it("is completed by what there is", () => {
    const known = { tags: ["web", "work"], owners: ["ana"], envs: ["production"] };
    expect(completions("x tag:w", known)).toEqual(["tag:web", "tag:work"]);
    expect(completions("state:on", known)).toEqual(["state:on@production"]);
    expect(completions("ta", known)).toEqual(["tag:"]);
    expect(completions("", known)).toEqual([]);
  });
});

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
  ])("of %s says what it cannot keep", (text, term) => expect(viewFilter(text)).toEqual({ unsavable: term }));
});
