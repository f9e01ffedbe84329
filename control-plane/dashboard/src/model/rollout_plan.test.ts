import { expect, test } from "vitest";
import { planText, readPlan } from "./rollout_plan";
import { fc } from "./testing";

test("steps are shares that grow, with the time that each holds", () => {
  expect(readPlan("1 % for 1h\n\n 12,5% 1d12h \n100")).toEqual({
    steps: [{ share: 1000, hold: "1h" }, { share: 12_500, hold: "1d12h" }, { share: 100_000 }],
  });
});

test.each([
  ["", 1, "no_steps"],
  ["1 % for 1h\nall", 2, "not_a_step"],
  ["1 % for an hour", 1, "not_a_step"],
  ["0 % for 1h", 1, "not_a_share"],
  ["120 %", 1, "not_a_share"],
  ["5 % for 1h\n5 %", 2, "not_growing"],
  ["5 %\n50 %", 1, "no_hold"],
  [Array.from({ length: 51 }, (_, i) => `${i + 1} % for 1h`).join("\n"), 51, "too_many"],
])("%j is wrong in line %d: %s", (text, line, code) => {
  expect(readPlan(text)).toEqual({ fault: { line, code } });
});

test("what is written is read as the same", () => {
  const step = fc.record({ share: fc.integer({ min: 1, max: 100_000 }), hold: fc.constantFrom("15m", "1h", "1d12h") });
  fc.assert(
    fc.property(fc.uniqueArray(step, { minLength: 1, maxLength: 50, selector: ({ share }) => share }), (list) => {
      const steps = [...list].sort((a, b) => a.share - b.share);
      expect(readPlan(planText(steps))).toEqual({ steps });
    }),
  );
});
