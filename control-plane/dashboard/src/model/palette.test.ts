import { expect, test } from "vitest";
import { type PaletteEntry, preparePalette, searchPalette } from "./palette";
import { fc } from "./testing";
import { candidates, parseVerb, verbForms } from "./verbs";

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

test("verbs", () => {
  const context = { environments: ["production", "staging"] };
  const typed = (text: string): string => {
    const read = parseVerb(text, context);
    if (read.kind === "search") return `search ${read.text}`;
    return read.kind === "command"
      ? JSON.stringify(read.command)
      : `${read.kind} ${read.verb} ${read.expected} ${read.typed}`;
  };
  const table: [string, string][] = [
    ["off checkout", '{"verb":"off","flag":"checkout"}'],
    ["ON checkout production", '{"verb":"on","flag":"checkout","environment":"production"}'],
    ["on checkout prod", "incomplete on environment? prod"],
    ["on checkout nowhere", "unknown on environment? nowhere"],
    ["on checkout prod ", "unknown on environment? prod"],
    ["on checkout production now", "unknown on environment? now"],
    ["on ", "incomplete on flag "],
    ["on", "search on"],
    ["why checkout alice", '{"verb":"why","flag":"checkout","key":"alice"}'],
    ["why checkout Ann  Lee", '{"verb":"why","flag":"checkout","key":"Ann  Lee"}'],
    ["why checkout", '{"verb":"why","flag":"checkout"}'],
    ["promote checkout", '{"verb":"promote","flag":"checkout"}'],
    ["promote checkout staging production", '{"verb":"promote","flag":"checkout","from":"staging","to":"production"}'],
    ["promote checkout staging", "incomplete promote environment? "],
    ["new flag Dark mode", '{"verb":"new","what":"flag","name":"Dark mode"}'],
    ["new s", "incomplete new flag|segment s"],
    ["new thing x", "unknown new flag|segment thing"],
    ["new flag", "incomplete new name "],
    ["env production", '{"verb":"env","environment":"production"}'],
    ["go audit log", '{"verb":"go","page":"audit log"}'],
    ["copy curl", '{"verb":"copy","what":"curl"}'],
    ["copy all", "unknown copy key|curl|link all"],
    ["checkout off", "search checkout off"],
    ["toString x", "search toString x"],
    ["", "search "],
  ];
  for (const [text, expected] of table) expect([text, typed(text)]).toEqual([text, expected]);
  expect(candidates("flag", context)).toEqual([]);
  expect(Object.keys(verbForms)).toHaveLength(8);
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
