import { describe, expect, it } from "vitest";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { commandsFor, prepare, type World } from "./commands";

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
  known: prepare({
    flags: [flag("checkout"), flag("new-checkout"), flag("search", false)],
    segments: [{ key: "beta-testers", name: "Beta testers", tags: [] }],
    people: ["ana@example.com"],
    environments: [env("development"), env("production", true)],
    pages: [
      { path: "/acme/web/flags", label: "Flags" },
      { path: "/acme/-/audit", label: "Audit" },
    ],
  }),
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
  it("asks why in the environment of the page, else where the flag is on", () => {
    const environments = { development: config(true), production: config(false) };
    const known = prepare({ ...world.known, flags: [{ ...flag("quota"), environments } as unknown as FlagEntry] });
    expect(first("why quota alice", { known })).toMatchObject({ env: { key: "development" } });
    expect(first("why quota alice", { known, env: "production" })).toMatchObject({ env: { key: "production" } });
    expect(first("why checkout alice")).toMatchObject({ env: { key: "production" } });
  });
  it("names a new flag", () => {
    expect(first("new flag Big Button")).toEqual({ kind: "create", what: "flag", name: "Big Button" });
    expect(first("new segment Testers")).toEqual({ kind: "create", what: "segment", name: "Testers" });
    expect(first("new flag Big", { can: { ...world.can, create: false } })?.kind).not.toBe("create");
  });
  it("goes to pages", () => {
    expect(first("go aud")).toMatchObject({ kind: "go", path: "/acme/-/audit" });
    expect(first("audit")).toMatchObject({ kind: "go", path: "/acme/-/audit" });
  });
  it("finds segments and people", () => {
    expect(first("beta")).toMatchObject({ kind: "open_segment", key: "beta-testers" });
    expect(first("ana@")).toEqual({ kind: "open_person", email: "ana@example.com" });
  });
  it("promotes from one environment to another", () => {
    expect(first("promote checkout dev prod")).toMatchObject({
      kind: "promote",
      from: "development",
      to: "production",
    });
    expect(first("promote checkout")).toMatchObject({ kind: "promote", from: "", to: "" });
  });
  it("copies of the flag that is shown", () => {
    expect(first("copy key")).toMatchObject({ kind: "copy", what: "key", flag: { key: "checkout" } });
    expect(first("copy link")).toMatchObject({ kind: "copy", what: "link" });
  });
});
