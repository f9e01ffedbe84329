import { describe, expect, it } from "vitest";
import { sorted } from "./flags/order";
import { agentName } from "./me/agent_name";
import { faultOf, readValues } from "./new_flag/values";
import { localTarget } from "./signin/target";

describe("signing in leads", () => {
  it.each([
    ["/acme/web/flags?q=x", "/acme/web/flags?q=x"],
    [undefined, "/"],
    ["https://evil.example", "/"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/-/signin?to=/-/signin", "/"],
  ])("from %s to %s", (given, target) => expect(localTarget(given)).toBe(target));
});

describe("the program of a session", () => {
  it.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
      "Chrome 156, Linux",
    ],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge 140, Windows"],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 14) AppleWebKit/605.1.15 Version/18.4 Safari/605.1.15",
      "Safari 18, macOS",
    ],
    ["fanion/0.1.0", "fanion/0.1.0"],
    ["", ""],
  ])("%s", (agent, name) => expect(agentName(agent)).toBe(name));
});

describe("values of a new flag", () => {
  const rows = (...texts: string[]) => texts.map((text, id) => ({ id, key: `v${id}`, text }));
  it("have the flag's type", () => {
    expect(faultOf("number", "1.0")).toBeUndefined();
    expect(faultOf("number", '"1"')).toBe("number");
    expect(faultOf("number", "1,5")).toBe("number");
    expect(faultOf("json", "{")).toBe("json");
    expect(faultOf("string", "{")).toBeUndefined();
    expect(readValues("number", rows("1", "x"))).toBeUndefined();
  });
  it("keep what was typed, and leave empty rows out", () => {
    expect(readValues("string", [...rows(" a "), { id: 9, key: "", text: "" }])).toEqual([{ key: "v0", value: " a " }]);
    expect(readValues("json", rows('{"a":1}'))).toEqual([{ key: "v0", value: { a: 1 } }]);
  });
});

describe("the order of flags", () => {
  const flags = [
    { key: "a", name: "z", updated_at: "2" },
    { key: "b", name: "Y", updated_at: "2" },
    { key: "c", name: "", updated_at: "1" },
  ] as never;
  it("is by what is asked for, then by key", () => {
    const keys = (order: string) =>
      sorted(flags, order)
        .map((flag) => flag.key)
        .join("");
    expect(["key", "-key", "name", "-name", "updated", "-updated", "nonsense"].map(keys)).toEqual([
      "abc",
      "cba",
      "cba",
      "abc",
      "cab",
      "abc",
      "abc",
    ]);
  });
});
