import { describe, expect, it } from "vitest";
import { type Json, writeJson } from "../../model/index";
import { isText, readValue, readVariations, valueText } from "./values";

const sent = (value: Json | undefined): string => (value === undefined ? "nothing" : writeJson(value));

describe("a value", () => {
  it.each(["1.0", "9223372036854775807", "-0", "1e400", "0.1"])("keeps how the number %s is spelled", (text) => {
    const read = readValue("number", text);
    expect("value" in read && sent(read.value)).toBe(text);
    expect("value" in read && valueText("number", read.value)).toBe(text);
  });
  it.each(["", "1,5", '"1"', "01", "true"])("of a number is not %j", (text) => {
    expect(readValue("number", text)).toEqual({ fault: { kind: "number" } });
  });
  it("of JSON says where the mistake is", () => {
    expect(readValue("json", '{\n  "ä": }')).toMatchObject({ fault: { kind: "json", line: 2, column: 8, at: 9 } });
    const read = readValue("json", '{"limit":1.0}');
    expect("value" in read && valueText("json", read.value)).toBe('{\n  "limit": 1.0\n}');
  });
  it("of text is what was typed", () => {
    expect(readValue("string", " {a ")).toEqual({ value: " {a " });
    expect(readValue("string", "")).toEqual({ value: "" });
  });
  it("is the same however it is laid out", () => {
    expect(isText("json", '{"a":1}', { a: 1 })).toBe(true);
    expect(isText("number", "1.0", 1)).toBe(false);
    expect(isText("json", "{", {})).toBe(false);
  });
});

describe("the variations of a new flag", () => {
  const rows = (...texts: string[]) => texts.map((text, id) => ({ id, key: `v${id}`, text }));
  it("are sent when all can be read", () => {
    expect(readVariations("number", rows("1", "x"))).toBeUndefined();
    expect(readVariations("string", [...rows(" a "), { id: 9, key: "", text: "" }])).toEqual([
      { key: "v0", value: " a " },
    ]);
  });
});
