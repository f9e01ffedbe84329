import { expect, test } from "vitest";
import { packContexts } from "./contexts";
import { offsetOf } from "./text_place";

test("places are offsets in UTF-16 units", () => {
  const text = 'city is "Zürich 🏔"\n and x\n';
  expect(offsetOf(text, { line: 1, column: 1 })).toBe(0);
  expect(offsetOf(text, { line: 1, column: 17 })).toBe(16); // 🏔
  expect(offsetOf(text, { line: 1, column: 18 })).toBe(18); // the quote behind it
  expect(offsetOf(text, { line: 2, column: 2 })).toBe(text.indexOf("and"));
  expect(offsetOf(text, { line: 1, column: 99 })).toBe(text.indexOf("\n"));
  expect(offsetOf(text, { line: 9, column: 1 })).toBe(text.length);
});

test("contexts are packed as UTF-8", () => {
  const { bytes, sizes } = packContexts(['{"a":"ü"}', "", "{}"]);
  expect([...sizes]).toEqual([10, 0, 2]);
  expect(new TextDecoder().decode(bytes)).toBe('{"a":"ü"}{}');
  expect(packContexts([]).bytes).toHaveLength(0);
});
