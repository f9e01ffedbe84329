import { describe, expect, it } from "vitest";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { commandsFor, type World } from "./commands";
import { best, rank } from "./rank";

const env = (key: string, isProtected = false) => ({ key, name: key, protected: isProtected }) as Environment;
const config = (enabled: boolean) => ({ enabled, percent: 100, version: 3, updated_at: "", stale: null });
const flag = (key: string, enabled = true) =>
  ({
    key,
    name: key,
    type: "boolean",
    tags: [],
    environments: { development: config(enabled), production: config(enabled) },
  }) as unknown as FlagEntry;

const world: World = {
  flags: [flag("checkout"), flag("new-checkout"), flag("search", false)],
  environments: [env("development"), env("production", true)],
  pages: [
    { path: "/acme/web/flags", label: "Flags" },
    { path: "/acme/-/audit", label: "Audit" },
  ],
  env: "",
  flag: "checkout",
  can: { create: true, why: true, promote: true, env: false },
};
const first = (line: string, changes: Partial<World> = {}) => commandsFor(line, { ...world, ...changes })[0];

describe("the palette", () => {
  it("opens the flag whose key is typed", () => {
    expect(first("checkout")).toMatchObject({ kind: "open_flag", flag: { key: "checkout" } });
    expect(first("nwc")).toMatchObject({ kind: "open_flag", flag: { key: "new-checkout" } });
  });
  it("turns off where most depends on it, and on where least does", () => {
    expect(first("off checkout")).toMatchObject({ kind: "toggle", isOn: false, env: { key: "production" } });
    expect(first("on search")).toMatchObject({ kind: "toggle", isOn: true, env: { key: "development" } });
  });
  it("acts in the environment of the page, and in the one named", () => {
    expect(first("off checkout", { env: "development" })).toMatchObject({ env: { key: "development" } });
    expect(first("off checkout dev")).toMatchObject({ env: { key: "development" } });
  });
  it("offers last what is so already", () => {
    const commands = commandsFor("off search", world);
    expect(commands.every((command) => command.kind === "toggle" && command.isThere)).toBe(true);
  });
  it("takes who gets it after the flag", () => {
    expect(first("why checkout alice")).toMatchObject({ kind: "why", flag: { key: "checkout" }, who: "alice" });
  });
  it("names a new flag", () => {
    expect(first("new flag Big Button")).toEqual({ kind: "create", name: "Big Button" });
    expect(first("new flag Big", { can: { ...world.can, create: false } })?.kind).not.toBe("create");
  });
  it("goes to pages", () => {
    expect(first("go aud")).toMatchObject({ kind: "go", path: "/acme/-/audit" });
    expect(first("audit")).toMatchObject({ kind: "go", path: "/acme/-/audit" });
  });
  it("copies of the flag that is shown", () => {
    expect(first("copy key")).toMatchObject({ kind: "copy", what: "key", flag: { key: "checkout" } });
    expect(first("copy link")).toMatchObject({ kind: "copy", what: "link" });
  });
});

describe("ranking", () => {
  it("puts a whole name before its beginning, a word's beginning before its middle, that before scattered letters", () => {
    const names = ["a-checkout", "checkout", "recheckout", "checkout-new", "c-h-e-c-k-o-u-t"];
    expect(best(names, (name) => rank("checkout", name), 9)).toEqual([
      "checkout",
      "checkout-new",
      "a-checkout",
      "recheckout",
      "c-h-e-c-k-o-u-t",
    ]);
  });
  it("keeps the order of equals, and no more than asked for", () => {
    expect(best(["b", "a", "c"], () => 1, 2)).toEqual(["b", "a"]);
    expect(rank("x", "abc")).toBe(0);
  });
});
