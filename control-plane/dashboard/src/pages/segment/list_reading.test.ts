import { describe, expect, it } from "vitest";
import { readFile } from "./list_reading";

const bytes = (text: string) => new TextEncoder().encode(text);
const held = { present: ["alice", "bob"], other: ["mallory"] };

describe("a file of values", () => {
  it("is compared with both lists, each kind with its lines", () => {
    const read = readFile(bytes("alice\ncarol\nmallory\ncarol\n"), { form: { format: "lines" }, ...held });
    expect(read.added).toEqual({
      count: 2,
      some: [
        { value: "carol", line: 2 },
        { value: "mallory", line: 3 },
      ],
    });
    expect([read.there.count, read.twice.count, read.inOther.count, read.leaving]).toEqual([1, 1, 1, 1]);
    expect(read.parts).toEqual(["alice\ncarol\nmallory\n"]);
  });
  it("names lines that cannot be taken", () => {
    const read = readFile(bytes(`ok\n${"x".repeat(64 * 1024 + 1)}\n`), { form: { format: "lines" }, ...held });
    expect(read.faulty).toMatchObject({ count: 1, some: [{ line: 2, code: "too_long" }] });
  });
  it("is cut into parts that a request takes", () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `customer-with-a-long-name-${i}`);
    const read = readFile(bytes(many.join("\n")), { form: { format: "lines" }, present: [], other: [] });
    expect(read.added.count).toBe(100_000);
    expect(read.parts.length).toBeGreaterThan(1);
    expect(read.parts.every((part) => part.length < 2 * 1024 * 1024)).toBe(true);
    expect(read.parts.join("")).toBe(`${many.join("\n")}\n`);
  });
  it("has its columns named", () => {
    const form = { format: "csv", attribute: "targetingKey", column: "id" } as const;
    const read = readFile(bytes("name,id\nAnn,dave\nBob,\n"), { form, ...held });
    expect(read).toMatchObject({ columns: ["name", "id"], values: 1, emptyCells: 1 });
  });
});
