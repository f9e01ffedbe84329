import { describe, expect, it } from "vitest";
import { keyOf } from "./key_of";
import { keymap, nameOf, sequence } from "./keymap";

describe("a key follows from a name", () => {
  it.each([
    ["New checkout", "new-checkout"],
    ["Größe der Köpfe", "groesse-der-koepfe"],
    ["Crème brûlée!", "creme-brulee"],
    ["  --a  ", "a"],
    ["🎉", ""],
    ["x".repeat(120), "x".repeat(100)],
  ])("%s", (name, key) => expect(keyOf(name)).toBe(key));
});

describe("keys", () => {
  const press = (key: string, changes = {}) =>
    nameOf({ key, isCommand: false, isShift: false, isAlt: false, ...changes });
  it("have one name however they are typed", () => {
    expect(press("K", { isCommand: true })).toBe("Ctrl+k");
    expect(press("X", { isShift: true })).toBe("Shift+X");
    expect(press("?", { isShift: true })).toBe("?");
    expect(press("Z", { isShift: true, isCommand: true })).toBe("Ctrl+Shift+Z");
  });
  it("follow each other within a moment", () => {
    expect(sequence({ first: "g", at: 0 }, "f", 500)).toEqual(["g f"]);
    expect(sequence({ first: "g", at: 0 }, "f", 5_000)).toEqual(["f"]);
  });
  it("mean one thing each", () => {
    expect(new Set(keymap.map((entry) => entry.keys)).size).toBe(keymap.length);
  });
});
