import { expect, test } from "vitest";
import { AnswerJoiner, Answers, differing } from "./answers";

const on = [0, 1, -1, 0];
const cells = (...rows: number[][]) => new Int32Array(rows.flat());

test("an answer is read from its numbers", () => {
  const names = ["on", "true", "vip", "base"];
  const answers = new Answers(["f", "g"], {
    names,
    cells: cells([0, 1, 2, 2], [-1, -1, -1, 5 | (1 << 8)], [0, 1, 3, 1 | (1 << 16)], [-1, -1, -1, 1]),
  });
  expect(answers.contexts).toBe(2);
  expect(answers.at(0, 0)).toEqual({ variation: "on", value: "true", reason: "TARGETING_MATCH", rule: "vip" });
  expect(answers.at(0, 1)).toEqual({ reason: "ERROR", error: "FLAG_NOT_FOUND" });
  expect(answers.at(1, 0)).toEqual({ variation: "on", value: "true", reason: "DEFAULT", prerequisite: "base" });
  expect(answers.at(1, 1)).toEqual({ reason: "DEFAULT" });
  expect(answers.variation(1, 0)).toBe("on");
  expect(answers.variation(1, 1)).toBeUndefined();
});

test("no flags have no answers", () => {
  expect(new Answers([], { names: [], cells: new Int32Array(0) }).contexts).toBe(0);
});

test("parts with other names are joined", () => {
  const joiner = new AnswerJoiner(2);
  joiner.add({ names: ["on", "true"], cells: cells(on) });
  joiner.add({ names: ["off", "true", "on"], cells: cells([2, 1, 0, 2]) });
  expect(joiner.names).toEqual(["on", "true", "off"]);
  expect([...joiner.cells]).toEqual([...on, 0, 1, 2, 2]);
});

test("answers differ in variation or value, whatever the numbers of the names are", () => {
  const before = { names: ["on", "true", "off", "false"], cells: cells(on, on, on, [-1, -1, -1, 1], on) };
  const after = {
    names: ["false", "true", "on", "off", "1"],
    cells: cells([2, 1, -1, 2], [3, 0, -1, 0], [2, 4, -1, 0], [-1, -1, -1, 5], [-1, -1, -1, 1]),
  };
  expect([...differing(before, after)]).toEqual([1, 2, 4]);
});
