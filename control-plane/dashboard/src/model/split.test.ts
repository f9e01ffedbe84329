import { expect, test } from "vitest";
import type { Range, Serve } from "./config";
import {
  barOf,
  dealtAnew,
  isSameBucketing,
  losersOf,
  movementOf,
  newRanges,
  planOf,
  sharesOf,
  variationAt,
  weightsOf,
} from "./split";
import { type Field, lockField, setField, shareEqually, typeField } from "./split_fields";
import { layOut, type SlotPlan } from "./split_layout";
import vectors from "./split_layout.vectors.json";
import { fc } from "./testing";

type Vector = [number, [Range[], string | null] | null, [string, number][], string | null, Range[]];

test("ranges are those that common/eval/rollout computes (356 vectors of it)", () => {
  expect(vectors.length).toBe(356);
  for (const [slots, present, wanted, otherwise, ranges] of vectors as unknown as Vector[]) {
    const plan = present && { ranges: present[0], otherwise: present[1] };
    const shares = wanted.map(([variation, count]) => ({ variation, slots: count }));
    expect(layOut(plan, shares, otherwise, slots)).toEqual(ranges);
  }
});

const on = (slots: number): SlotPlan => ({ ranges: slots > 0 ? [[0, slots, "on"]] : [], otherwise: "off" });

test("a rollout grows and shrinks at its boundary", () => {
  let plan = on(0);
  for (const slots of [1000, 5000, 25_000, 100_000, 50_000, 0, 300]) {
    const ranges = newRanges(plan, [{ variation: "on", slots }], "off");
    expect(ranges).toEqual(on(slots).ranges);
    plan = { ranges, otherwise: "off" };
  }
});

test("5 % to 25 % moves 20 % off to on, and nobody loses on", () => {
  const movement = movementOf(on(5000), on(25_000));
  expect(movement.moved).toBe(20_000);
  expect(movement.moves).toEqual([{ from: "off", to: "on", slots: 20_000 }]);
  expect(movement.stretches).toEqual([{ begin: 5000, end: 25_000, from: "off", to: "on" }]);
  expect(losersOf(movement)).toEqual(["off"]);
  expect(movementOf(on(5000), on(5000)).moves).toEqual([]);
});

const shares = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 5 }).map((cuts) => {
  const sorted = [0, ...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((cut, i) => ({ variation: "abcde"[i] ?? "", slots: cut - (sorted[i] ?? 0) }));
});

test("shares are exact and movement is the least possible, after any history", () => {
  const otherwise = fc.constantFrom(null, "z", "a");
  fc.assert(
    fc.property(fc.array(fc.tuple(shares, otherwise), { minLength: 2, maxLength: 6 }), (history) => {
      let plan: SlotPlan = { ranges: [], otherwise: "z" };
      for (const [given, otherwise] of history) {
        const wanted = given.filter((share) => share.variation !== otherwise);
        const next: SlotPlan = { ranges: layOut(plan, wanted, otherwise), otherwise };
        for (const { variation, slots } of wanted) expect(sharesOf(next).get(variation) ?? 0).toBe(slots);
        const [before, after] = [sharesOf(plan), sharesOf(next)];
        const least = [...before].reduce((sum, [name, slots]) => sum + Math.max(0, slots - (after.get(name) ?? 0)), 0);
        expect(movementOf(plan, next).moved).toBe(least);
        plan = next;
      }
    }),
  );
});

test("a split of 10,000 ranges", () => {
  const ranges = Array.from({ length: 10_000 }, (_, i): Range => [2 * i, 2 * i + 1, "abcde"[i % 5] ?? ""]);
  const next = layOut(
    { ranges, otherwise: "z" },
    [
      { variation: "a", slots: 30_000 },
      { variation: "b", slots: 5 },
    ],
    "z",
  );
  expect(sharesOf({ ranges: next, otherwise: "z" }).get("a")).toBe(30_000);
});

test("plans, shares, weights and bars of serves", () => {
  const fixed: Serve = { variation: "on" };
  const split: Serve = {
    split: {
      ranges: [
        [10, 20, "a"],
        [20, 30, "b"],
        [50, 60, "a"],
      ],
      otherwise: "next",
    },
  };
  expect([...sharesOf(planOf(fixed, true))]).toEqual([["on", 100_000]]);
  expect([...sharesOf(planOf(split, true))]).toEqual([
    ["a", 20],
    ["b", 10],
    [null, 99_970],
  ]);
  expect([...sharesOf(planOf(split, false))].at(-1)).toEqual(["next", 99_970]);
  expect(weightsOf(planOf(split, true))).toEqual([
    { variation: "a", slots: 20 },
    { variation: "b", slots: 10 },
  ]);
  expect(
    weightsOf({
      ranges: [
        [0, 5, "a"],
        [10, 20, "b"],
      ],
      otherwise: "a",
    }),
  ).toEqual([{ variation: "b", slots: 10 }]);
  expect(barOf(planOf(split, true)).map(({ from, to, variation }) => `${from}-${to} ${variation}`)).toEqual([
    "0-10 null",
    "10-20 a",
    "20-30 b",
    "30-50 null",
    "50-60 a",
    "60-100000 null",
  ]);
  expect(
    barOf({
      ranges: [
        [0, 10, "a"],
        [20, 100_000, "a"],
      ],
      otherwise: "a",
    }),
  ).toEqual([{ from: 0, to: 100_000, variation: "a" }]);
  expect([5, 10, 29, 30, 55].map((slot) => variationAt(planOf(split, true), slot))).toEqual([
    null,
    "a",
    "b",
    null,
    "a",
  ]);
  expect(planOf({ split: { ranges: [[0, 100_000, "a"]] } }, true).otherwise).toBeNull();
});

test("another bucketing deals everybody anew", () => {
  expect(isSameBucketing({ ranges: [] }, { by: "targetingKey", salt: "f", hash: "murmur3", ranges: [] }, "f")).toBe(
    true,
  );
  expect(isSameBucketing({ ranges: [], by: "company" }, { ranges: [] }, "f")).toBe(false);
  expect(isSameBucketing({ ranges: [], salt: "g" }, { ranges: [] }, "f")).toBe(false);
  expect(isSameBucketing({ ranges: [], hash: "djb2" }, { ranges: [] }, "f")).toBe(false);
  expect(dealtAnew(on(50_000), on(50_000))).toBe(50_000);
  expect(dealtAnew(on(100_000), on(100_000))).toBe(0);
  expect(dealtAnew(on(5000), on(25_000))).toBe(27_500);
});

const field = (name: string | null, slots: number, isLocked = false): Field => ({ name, slots, isLocked });
const sum = (fields: readonly Field[]): number => fields.reduce((total, { slots }) => total + slots, 0);

test("a field takes from the unlocked others in proportion", () => {
  const fields = [field("a", 50_000), field("b", 30_000), field("c", 20_000)];
  expect(setField(fields, "a", 60_000).map((f) => f.slots)).toEqual([60_000, 24_000, 16_000]);
  expect(setField(lockField(fields, "c", true), "a", 60_000).map((f) => f.slots)).toEqual([60_000, 20_000, 20_000]);
  expect(setField(lockField(fields, "c", true), "a", 100_000).map((f) => f.slots)).toEqual([80_000, 0, 20_000]);
  expect(
    setField(
      fields.map((f) => ({ ...f, isLocked: f.name !== "a" })),
      "a",
      1,
    ).map((f) => f.slots),
  ).toEqual([50_000, 30_000, 20_000]);
  expect(setField([field("a", 100_000), field("b", 0), field(null, 0)], "a", 99_999).map((f) => f.slots)).toEqual([
    99_999, 1, 0,
  ]);
  expect(shareEqually([field("a", 1), field("b", 2), field("c", 3)]).map((f) => f.slots)).toEqual([
    33_334, 33_333, 33_333,
  ]);
  expect(shareEqually([field("a", 10, true), field("b", 0)]).map((f) => f.slots)).toEqual([10, 99_990]);
});

test("typing into a field", () => {
  const fields = [field("a", 50_000), field("b", 50_000, true)];
  expect(typeField(fields, "a", "x")).toBe("not_a_percentage");
  expect(typeField(fields, "q", "5")).toBe("no_such_field");
  expect(typeField(fields, "a", "60")).toBe("locked_sum");
  expect(typeField([field("a", 50_000), field("b", 50_000)], "a", "12,5 %")).toEqual([
    field("a", 12_500),
    field("b", 87_500),
  ]);
});

test("fields always add up to 100 %, and locked ones keep theirs", () => {
  const edit = fc.record({ at: fc.nat(4), slots: fc.integer({ min: -5, max: 120_000 }), lock: fc.boolean() });
  fc.assert(
    fc.property(fc.array(edit), (edits) => {
      let fields = shareEqually("abcde".split("").map((name) => field(name, 0)));
      for (const { at, slots, lock } of edits) {
        const name = "abcde"[at] ?? "";
        const next = setField(lockField(fields, name, lock), name, slots);
        expect(sum(next)).toBe(100_000);
        for (const f of next) {
          expect(f.slots).toBeGreaterThanOrEqual(0);
          if (f.isLocked && f.name !== name) expect(f.slots).toBe(fields.find((old) => old.name === f.name)?.slots);
        }
        fields = next;
      }
    }),
  );
});
