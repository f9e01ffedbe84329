import { expect, test } from "vitest";
import { applyToConfig } from "./apply_config";
import {
  bodyOf,
  type Draft,
  instructionsOf,
  isEmptyDraft,
  isTooLong,
  newDraft,
  readDraft,
  reduceDraft,
  resultOf,
  writeDraft,
} from "./draft";
import { SpelledNumber } from "./json";
import { fc } from "./testing";
import { anyInstruction, colourFlag, colours, fitting, options } from "./testing_flags";

const resource = "projects/web/flags/c/environments/production";
const fresh = newDraft("config", resource, 7, colours);
const on = { kind: "turn_on" } as const;
const off = { kind: "turn_off" } as const;

const anyDraft = fc
  .array(anyInstruction, { maxLength: 8 })
  .map((list) =>
    fitting(colours, list, (state, some) => applyToConfig(state, some, options)).reduce(
      (draft, instruction) => reduceDraft(draft, { type: "do", step: [instruction] }),
      fresh,
    ),
  );

test("replay(undo(x)) = x: what was undone and done again is what it was, whatever the number of steps", () => {
  fc.assert(
    fc.property(anyDraft, fc.nat(10), (draft, count) => {
      let moved = draft;
      const passed: Draft<"config">[] = [];
      for (let i = 0; i < count && !isEmptyDraft(moved); i += 1) {
        passed.push(moved);
        moved = reduceDraft(moved, { type: "undo" });
      }
      expect("value" in resultOf(moved, options)).toBe(true);
      for (const before of passed.reverse()) {
        moved = reduceDraft(moved, { type: "redo" });
        expect(moved).toEqual(before);
        expect(resultOf(moved, options)).toEqual(resultOf(before, options));
      }
      expect(moved).toEqual(draft);
    }),
  );
});

test("undoing everything gives the base", () => {
  fc.assert(
    fc.property(anyDraft, (draft) => {
      let moved = draft;
      while (!isEmptyDraft(moved)) moved = reduceDraft(moved, { type: "undo" });
      expect(resultOf(moved, options)).toEqual({ value: colours });
      expect(moved.undone).toHaveLength(draft.done.length);
    }),
  );
});

test("steps, undo, redo, amend, discard", () => {
  const done = reduceDraft(reduceDraft(fresh, { type: "do", step: [off] }), { type: "do", step: [on, off] });
  expect(instructionsOf(done)).toEqual([off, on, off]);
  const undone = reduceDraft(done, { type: "undo" });
  expect(instructionsOf(undone)).toEqual([off]);
  expect(reduceDraft(undone, { type: "do", step: [on] }).undone).toEqual([]);
  expect(reduceDraft(undone, { type: "do", step: [] })).toBe(undone);
  expect(instructionsOf(reduceDraft(done, { type: "amend", step: [on] }))).toEqual([off, on]);
  expect(instructionsOf(reduceDraft(fresh, { type: "amend", step: [on] }))).toEqual([on]);
  expect(reduceDraft(fresh, { type: "undo" })).toBe(fresh);
  expect(reduceDraft(fresh, { type: "redo" })).toBe(fresh);
  expect(reduceDraft(done, { type: "discard" })).toEqual(fresh);
  const moved = reduceDraft(done, { type: "rebase", version: 8, base: { ...colours, off: null }, steps: [[off]] });
  expect([moved.version, moved.base.off, instructionsOf(moved)]).toEqual([8, null, [off]]);
});

test("the body of the request", () => {
  const done = reduceDraft(fresh, { type: "do", step: [off] });
  expect(bodyOf(done)).toBe('{"instructions":[{"kind":"turn_off"}]}');
  expect(bodyOf(reduceDraft(done, { type: "comment", comment: "calm" }))).toBe(
    '{"comment":"calm","instructions":[{"kind":"turn_off"}]}',
  );
  expect(isTooLong(done)).toBe(false);
  expect(isTooLong(reduceDraft(fresh, { type: "do", step: Array.from({ length: 201 }, () => on) }))).toBe(true);
});

test("a stored draft is read back, with the spelling of its numbers", () => {
  fc.assert(
    fc.property(anyDraft, (draft) => {
      expect(readDraft(writeDraft(draft))).toEqual(draft);
    }),
  );
  const values = newDraft("definition", "projects/web/flags/c", 1, { definition: colourFlag, configs: {} });
  const done = reduceDraft(values, {
    type: "do",
    step: [{ kind: "set_value", variation: "red", value: new SpelledNumber("1.0") }],
  });
  expect(readDraft(writeDraft(done))).toEqual(done);
  expect(writeDraft(done)).toContain('"value":1.0');
  expect(resultOf(done, options)).toMatchObject({ value: { configs: {} } });
  for (const text of ["", "[1.0]", "{}", '{"format":2}']) expect(readDraft(text)).toBeUndefined();
});
