import { expect, test } from "vitest";
import { percentOfSlots, slotsOfInput, slotsOfPercent } from "./percent";
import { fc } from "./testing";

test("every number of slots is a percentage and back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (slots) => {
      expect(slotsOfPercent(percentOfSlots(slots))).toBe(slots);
    }),
  );
});

test("spellings of numbers", () => {
  const table: [string, number | undefined][] = [
    ["0", 0],
    ["0.000", 0],
    ["0e50", 0],
    ["12.5", 12_500],
    ["12.500", 12_500],
    ["1.25e1", 12_500],
    ["1E+2", 100_000],
    ["100.000", 100_000],
    ["0.001", 1],
    ["1e-3", 1],
    ["10e-4", 1],
    ["0.0010", 1],
    ["33.333", 33_333],
    ["0.0001", undefined],
    ["100.001", undefined],
    ["101", undefined],
    ["-1", undefined],
    ["", undefined],
    ["1.", undefined],
    [".5", undefined],
    ["01", undefined],
    ["1e101", undefined],
    ["1e-101", undefined],
    ["1234567", undefined],
    ["NaN", undefined],
    ["1e3", undefined],
    ["1e6", undefined],
  ];
  for (const [text, slots] of table) expect([text, slotsOfPercent(text)]).toEqual([text, slots]);
});

test("input of people", () => {
  expect(slotsOfInput(" 12,5 % ")).toBe(12_500);
  expect(slotsOfInput(".5")).toBe(500);
  expect(slotsOfInput("25.")).toBe(25_000);
  expect(slotsOfInput("all")).toBeUndefined();
  expect(percentOfSlots(160_000)).toBe("160");
});
