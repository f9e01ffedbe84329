import { describe, expect, it } from "vitest";
import { Answers } from "../../evaluator/answers";
import { generateContexts } from "../../model/index";
import { changedContexts, columnsOf, exportRows, groupsOf, readVersions, writeVersions } from "./grid";
import { readRanges } from "./ranges";

// Two contexts, one flag: variations by name, values `true` and `false`.
const answers = (...variations: string[]) => {
  const names = ["on", "off", "true", "false"];
  const cells = variations.flatMap((name) => [
    names.indexOf(name),
    names.indexOf(name) < 0 ? -1 : names.indexOf(name) + 2,
    -1,
    0,
  ]);
  return new Answers(["flag"], { names, cells: new Int32Array(cells) });
};
const columns = columnsOf([
  {
    env: "production",
    flags: ["flag"],
    now: answers("on", "off", "off"),
    before: answers("on", "on", "off"),
    changed: new Set([1]),
  },
  { env: "staging", flags: ["flag"], now: answers("on", "off", "nothing"), before: undefined, changed: new Set() },
]);

describe("the results", () => {
  it("name the contexts that change", () => expect(changedContexts(columns, 3)).toEqual([1]));
  it("group contexts with the same answers", () => {
    const groups = groupsOf(columns, [0, 1, 2], "default");
    expect(groups.map(({ texts, contexts }) => [texts.join(), contexts.length])).toEqual([
      ["on,on", 1],
      ["off,off", 1],
      ["off,default", 1],
    ]);
  });
  it("are exported with values, reasons and what was served before", () => {
    const [head, , second] = exportRows(columns, ["{}", '{"a":1}', "{}"], "default");
    expect(head).toEqual([
      "context",
      "flag production",
      "flag production value",
      "flag production reason",
      "flag production before",
      "flag staging",
      "flag staging value",
      "flag staging reason",
    ]);
    expect(second).toEqual(['{"a":1}', "off", "false", "STATIC", "on", "off", "false", "STATIC"]);
  });
});

describe("what environments are compared with", () => {
  const versions = readVersions(
    ["production:3.17", "gone:1.2", "staging:draft", "nothing:"],
    ["production", "staging"],
  );
  it("is read for the environments that are shown", () =>
    expect([...versions]).toEqual([
      ["production", "3.17"],
      ["staging", "draft"],
    ]));
  it("is written with one of them changed, and not at all without any", () => {
    expect(writeVersions(versions, "staging", undefined)).toEqual(["production:3.17"]);
    expect(writeVersions(versions, "production", "3.18")).toEqual(["production:3.18", "staging:draft"]);
    expect(writeVersions(new Map([["staging", "draft"]]), "staging", undefined)).toBeUndefined();
  });
});

describe("ranges of attributes", () => {
  it("are read as they are written", () => {
    expect(readRanges("country = DE, AT\n\nage=18..20\nstep = 0..10/5\ntargetingKey = user-*3\nbeta = true")).toEqual({
      ranges: [
        { attribute: "country", values: ["DE", "AT"] },
        { attribute: "age", from: 18, to: 20 },
        { attribute: "step", from: 0, to: 10, step: 5 },
        { attribute: "targetingKey", prefix: "user-", count: 3 },
        { attribute: "beta", values: [true] },
      ],
    });
  });
  it("name the line that is none", () => expect(readRanges("a = 1\nnonsense")).toEqual({ line: 2 }));
  it("make every combination", () => {
    const read = readRanges("country = DE, AT\nage = 1..2");
    if (!("ranges" in read)) throw new Error("not read");
    expect(generateContexts(read.ranges, 100)).toHaveLength(4);
  });
});
