import { expect, test } from "vitest";
import { type PaletteEntry, preparePalette, searchPalette } from "./palette";
import { fc } from "./testing";

const entries: PaletteEntry[] = [
  { kind: "flag", id: "new-checkout", title: "New checkout", words: ["payments"] },
  { kind: "flag", id: "checkout-button", title: "Text of the button" },
  { kind: "flag", id: "cho", title: "Something else" },
  { kind: "segment", id: "checkout-testers", title: "Testers" },
  { kind: "person", id: "u_1", title: "Zoë Müller", words: ["zoe@example.com"] },
  { kind: "page", id: "audit", title: "Audit" },
];
const index = preparePalette(entries);
const found = (typed: string): string =>
  searchPalette(index, typed)
    .map(({ entry: { id } }) => id)
    .join(" ");

test("fuzzy search, best first", () => {
  expect(found("checkout")).toBe("checkout-button checkout-testers new-checkout");
  expect(found("chkbtn")).toBe("checkout-button");
  expect(found("nc")).toBe("new-checkout");
  expect(found("payments")).toBe("new-checkout");
  expect(found("zoe muller")).toBe("u_1");
  expect(found("checkout test")).toBe("checkout-testers");
  expect(found("zzz")).toBe("");
  expect(found("  ")).toBe("");
  expect(searchPalette(index, "cho")[0]).toMatchObject({ entry: { id: "cho" }, marks: [0, 1, 2] });
  expect(searchPalette(index, "checkout", 1)).toHaveLength(1);
});

test("what is typed as it stands is always found, and first where it is a whole key", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{2,20}$/), (key) => {
      const more = preparePalette([...entries, { kind: "flag", id: key, title: "" }]);
      expect(searchPalette(more, key)[0]?.entry.id).toBe(key);
    }),
  );
});

test("10,000 entries are searched", () => {
  const many = preparePalette(
    Array.from({ length: 10_000 }, (_, i) => ({
      kind: "flag" as const,
      id: `team-${i % 97}-feature-${i}`,
      title: `Feature number ${i}`,
      words: ["web"],
    })),
  );
  expect(searchPalette(many, "feature 99")).toHaveLength(20);
  expect(searchPalette(many, "tmftr 12")).toHaveLength(20);
});
