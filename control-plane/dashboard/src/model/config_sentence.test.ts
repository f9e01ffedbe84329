import { expect, test } from "vitest";
import type { FlagConfig } from "./config";
import { configSentence, flagPart, ruleSentence } from "./config_sentence";
import { jsonValue } from "./definition_sentences";
import { capitalised, plainText, shortened } from "./phrases";

const countries = { attribute: "country", op: "one_of", values: ["DE", "AT"], ignore_case: false };
const checkout: FlagConfig = {
  enabled: true,
  off: "off",
  prerequisites: [],
  targets: [{ attribute: "targetingKey", values: ["alice", "bob"], variation: "on" }],
  rules: [{ id: "r", when: countries, serve: { split: { ranges: [[0, 25_000, "on"]], otherwise: "next" } } }],
  fallthrough: { variation: "off" },
};
const said = (config: FlagConfig): string =>
  plainText(configSentence(config), ({ kind, text }) => (kind === "variation" ? `**${text}**` : text));

test("a configuration in one sentence", () => {
  expect(said(checkout)).toBe("25 % of DE and AT get **on**; alice, bob get **on**; everyone else **off**");
  expect(said({ ...checkout, enabled: false })).toBe("Off: everyone gets **off**");
  expect(said({ ...checkout, enabled: false, off: null })).toBe("Off: everyone gets the caller's own default");
  const plain = { ...checkout, rules: [], targets: [] };
  expect(said(plain)).toBe("everyone gets **off**");
  expect(plainText(capitalised(configSentence(plain)))).toBe("Everyone gets off");
  expect(said({ ...plain, fallthrough: { split: { ranges: [[0, 25_000, "on"]], otherwise: "off" } } })).toBe(
    "25 % of everyone get **on**, the others **off**",
  );
  expect(said({ ...checkout, fallthrough: { split: { ranges: [[0, 100_000, "on"]] } } })).toContain(
    "; everyone else **on**",
  );
  expect(said({ ...plain, prerequisites: [{ flag: "payments", variations: ["on", "new"] }] })).toBe(
    "Only where payments is **on** or **new**: everyone gets **off**",
  );
  const many = {
    ...plain,
    targets: [{ attribute: "targetingKey", values: ["a", "b", "c", "d", "e"], variation: "on" }],
  };
  expect(said(many)).toBe("a, b, c and 2 more get **on**; everyone else **off**");
  expect(said({ ...many, targets: [{ attribute: "x", values: ["a"], variation: "on" }] })).toBe(
    "a gets **on**; everyone else **off**",
  );
});

test("whom a rule is about", () => {
  const on = { variation: "on" };
  const table: [Parameters<typeof ruleSentence>[0], string][] = [
    [{ all: [] }, "everyone gets on"],
    [{ op: "in_segment", values: ["beta", "staff"] }, "members of beta and staff get on"],
    [{ op: "not_in_segment", values: ["staff"] }, "all but members of staff get on"],
    [{ not: { op: "in_segment", values: ["staff"] } }, "all but members of staff get on"],
    [{ not: countries }, 'those with not country in ["DE", "AT"] get on'],
    [{ any: [] }, "those with never get on"],
    [{ attribute: "beta", op: "is", values: [true] }, "beta true get on"],
    [{ attribute: "n", op: "is", values: [1] }, "n 1 get on"],
    [{ attribute: "age", op: "gte", values: [18] }, "those with age >= 18 get on"],
    [{ bucket: { from: 0, to: 5 } }, "those with bucket(targetingKey) < 0.005% get on"],
  ];
  for (const [when, text] of table) expect(plainText(ruleSentence(when, on))).toBe(text);
  const split = {
    split: {
      ranges: [
        [0, 10_000, "a"],
        [10_000, 30_000, "b"],
      ] as const,
      otherwise: "c",
    },
  };
  expect(plainText(ruleSentence(countries, split))).toBe("10 % of DE and AT get a, 20 % get b, the others c");
  expect(plainText(ruleSentence(countries, { split: { ranges: [], otherwise: "c" } }))).toBe("DE and AT get c");
  expect(plainText(ruleSentence(countries, { split: { ranges: [[0, 100_000, "a"]] } }))).toBe("DE and AT get a");
  expect(configSentence(checkout).filter(({ kind }) => kind === "variation")).toHaveLength(3);
  expect([flagPart("f"), jsonValue(1)]).toEqual([
    { kind: "flag", text: "f" },
    { kind: "value", text: "1" },
  ]);
});

test("long texts are cut at the end of a character", () => {
  expect([shortened("abc", 3), shortened("abcd", 3), shortened("äöü", 3), shortened("🙂🙂", 5)]).toEqual([
    "abc",
    "abc..",
    "ä..",
    "🙂..",
  ]);
});
