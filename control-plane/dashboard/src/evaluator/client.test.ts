// The client with the real module, in a worker that runs in this thread.
import { describe, expect, test, vi } from "vitest";
import { EvaluatorClient } from "./client";
import type { EvaluatorError } from "./protocol";
import { FakeWorker, flagOf, hasModule, now, plain, workbenchModule } from "./testing";
import { LoadedRuleset } from "./workbench";

const config = (rest: object = {}) =>
  JSON.stringify({ enabled: true, off: "off", fallthrough: { variation: "off" }, ...rest });
const environment = "production";
const people = ['{"targetingKey":"a","country":"DE"}', '{"targetingKey":"b","country":"FR"}', "[]"];

function start() {
  const workers: FakeWorker[] = [];
  const evaluator = new EvaluatorClient(() => {
    workers.push(new FakeWorker());
    return workers.at(-1) as FakeWorker;
  });
  return { evaluator, workers };
}

describe.skipIf(!hasModule)("with the module", () => {
  test("many contexts and flags are evaluated at once", async () => {
    const { evaluator } = start();
    const ruleset = await evaluator.load(plain(flagOf("a"), flagOf("b", { fallthrough: { variation: "on" } })));
    expect(ruleset.flags).toEqual(["a", "b"]);
    const answers = await evaluator.evaluate(ruleset, { flags: ["b", "a", "none"], contexts: people, now });
    expect(answers.at(0, 0)).toEqual({ variation: "on", value: "true", reason: "STATIC" });
    expect(answers.at(1, 1)).toEqual({ variation: "off", value: "false", reason: "STATIC" });
    expect(answers.at(1, 2)).toEqual({ reason: "ERROR", error: "FLAG_NOT_FOUND" });
    expect(answers.at(2, 0)).toEqual({ reason: "ERROR", error: "INVALID_CONTEXT" });
  });

  test("values and configurations keep the spelling of numbers", async () => {
    const { evaluator } = start();
    const variations = [{ key: "x", value: "?" }];
    const flag = flagOf("n", { type: "number", off: null, fallthrough: { variation: "x" }, variations });
    const ruleset = await evaluator.load(plain(flag).replace('"?"', "9223372036854775807"));
    const answers = await evaluator.evaluate(ruleset, { flags: ["n"], contexts: ["{}"], now });
    expect(answers.at(0, 0).value).toBe("9223372036854775807");
    const text = config({
      off: null,
      fallthrough: { variation: "x" },
      rules: [{ when: "age > 1.0", serve: { variation: "x" } }],
    });
    const draft = await evaluator.draft(ruleset, { flag: "n", config: text, environment });
    expect(draft.config).toContain("[1.0]");
    expect(JSON.parse(draft.config).rules[0].when.op).toBe("gt");
  });

  test("what a draft would change", async () => {
    const { evaluator } = start();
    const saved = await evaluator.load(plain(flagOf("a"), flagOf("b")));
    const rules = [{ when: "country in ['DE']", serve: { variation: "on" } }];
    const { ruleset, warnings } = await evaluator.draft(saved, { flag: "a", config: config({ rules }), environment });
    expect(warnings.every(({ code }) => code.length > 0)).toBe(true);
    const flags = ["a", "b"];
    const { before, after, changed } = await evaluator.compare(saved, ruleset, { flags, contexts: people, now });
    expect([...changed]).toEqual([0]);
    expect(before.at(0, 0).variation).toBe("off");
    expect(after.at(0, 0)).toMatchObject({ variation: "on", reason: "TARGETING_MATCH" });
  });

  test("a refused draft or ruleset says where", async () => {
    const { evaluator } = start();
    await expect(evaluator.load('{"flags":[{}]}')).rejects.toMatchObject({ code: "INVALID_RULESET" });
    const saved = await evaluator.load(plain(flagOf("a")));
    const rules = [{ when: 'country in "DE"', serve: { variation: "on" } }];
    const error: EvaluatorError = await evaluator
      .draft(saved, { flag: "a", config: config({ rules }), environment })
      .then(
        () => expect.fail("it was taken"),
        (caught) => caught,
      );
    expect(error.findings[0]).toMatchObject({ pointer: "/rules/0/when", code: "bad_rule" });
    expect(error.findings[0]?.detail).toMatch(/^line 1, column 12: expected a list/);
  });

  test("an explanation is JSON with its steps", async () => {
    const { evaluator } = start();
    const saved = await evaluator.load(plain(flagOf("a")));
    const text = await evaluator.explain(saved, { flag: "a", context: people[0] ?? "", now });
    expect(JSON.parse(text)).toMatchObject({ variation: "off", steps: [{ step: "enabled" }, { step: "fallthrough" }] });
    await expect(evaluator.explain(saved, { flag: "a", context: "{}", now: Number.NaN })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  test("rules are parsed and printed", async () => {
    const { evaluator } = start();
    const parsed = await evaluator.parseRule('age>=18.0 and name is \',"text":"\'');
    if (parsed.mistake) expect.fail(parsed.mistake.detail);
    expect(parsed.text).toBe('age >= 18.0 and name is ",\\"text\\":\\""');
    expect(parsed.when).toContain("[18.0]");
    expect(parsed.places.map(({ pointer }) => pointer)).toEqual(["", "/all/0", "/all/1"]);
    expect(await evaluator.printRule(parsed.when)).toBe(parsed.text);
    expect((await evaluator.parseRule('plan is "Zürich" an')).mistake).toMatchObject({ line: 1, column: 18 });
    await expect(evaluator.printRule("{}")).rejects.toMatchObject({ code: "INVALID_RULESET" });
  });

  test("weights are laid out", async () => {
    const { evaluator } = start();
    const wanted = '{"split":{"weights":[{"variation":"on","weight":12.5}],"otherwise":"off"}}';
    expect(await evaluator.splitRanges({ present: undefined, wanted, salt: "s" })).toEqual([[0, 12500, "on"]]);
    const present = '{"split":{"ranges":[[50000,60000,"on"]],"otherwise":"off"}}';
    const ranges = await evaluator.splitRanges({ present, wanted, salt: "s" });
    expect(ranges.some(([from, to]) => from <= 50000 && to >= 60000)).toBe(true);
  });

  test("mistakes of a whole ruleset are found", async () => {
    const { evaluator } = start();
    const rules = [{ id: "r", when: { any: [] }, serve: { variation: "on" } }];
    const found = await evaluator.check(plain(flagOf("a", { rules })));
    expect(found.some(({ item, pointer }) => item === "flag/a" && pointer.startsWith("/flags/0/rules/0"))).toBe(true);
  });

  test("a long call is cancelled between its parts, and the next is answered", async () => {
    const { evaluator, workers } = start();
    const saved = await evaluator.load(plain(flagOf("a")));
    const controller = new AbortController();
    const part = vi.spyOn(LoadedRuleset.prototype, "evaluate").mockImplementation(function (
      this: LoadedRuleset,
      ...given
    ) {
      part.mockRestore();
      controller.abort(); // during the first part
      return this.evaluate(...given);
    });
    const contexts = Array.from({ length: 50_000 }, (_, i) => `{"targetingKey":"${i}"}`);
    const long = evaluator.evaluate(saved, { flags: ["a"], contexts, now }, { signal: controller.signal });
    await expect(long).rejects.toMatchObject({ code: "CANCELLED" });
    expect((await evaluator.evaluate(saved, { flags: ["a"], contexts: ["{}"], now })).contexts).toBe(1);
    expect(workers[0]?.posted).toContainEqual(
      expect.objectContaining({ failure: expect.objectContaining({ code: "CANCELLED" }) }),
    );
  });

  test("what a cancelled call made nevertheless is freed", async () => {
    const { evaluator, workers } = start();
    const controller = new AbortController();
    const load = evaluator.load(plain(flagOf("a")), { signal: controller.signal });
    controller.abort();
    await expect(load).rejects.toMatchObject({ code: "CANCELLED" });
    await evaluator.parseRule("never");
    expect(workers[0]?.sent).toContainEqual(expect.objectContaining({ call: "free" }));
  });

  test("after a trap rulesets are loaded again where they are used", async () => {
    const { evaluator, workers } = start();
    const saved = await evaluator.load(plain(flagOf("a")));
    const text = config({ fallthrough: { variation: "on" } });
    const { ruleset } = await evaluator.draft(saved, { flag: "a", config: text, environment });
    const question = { flags: ["a"], contexts: ["{}"], now };
    const waiting = evaluator.parseRule("a exists");
    workers[0]?.deliver({ id: 3, failure: { code: "OUT_OF_MEMORY", detail: "", findings: [] }, trapped: true });
    await expect(waiting).rejects.toMatchObject({ code: "OUT_OF_MEMORY" });
    const [answers, rule] = await Promise.all([evaluator.evaluate(ruleset, question), evaluator.parseRule("never")]);
    expect(answers.at(0, 0).variation).toBe("on");
    expect(rule.mistake).toBeUndefined();
    expect(workers).toHaveLength(2);
  });

  test("a freed ruleset is refused", async () => {
    const { evaluator } = start();
    const saved = await evaluator.load(plain(flagOf("a")));
    evaluator.free(saved);
    const question = { flags: ["a"], contexts: [], now };
    await expect(evaluator.evaluate(saved, question)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a trap in the module ends the worker, and only the call that caused it fails", async () => {
    const { evaluator, workers } = start();
    const saved = await evaluator.load(plain(flagOf("a")));
    const trap = vi.spyOn(LoadedRuleset.prototype, "explain").mockImplementation(() => {
      throw new WebAssembly.RuntimeError("unreachable");
    });
    const cause = evaluator.explain(saved, { flag: "a", context: "{}", now });
    const other = evaluator.evaluate(saved, { flags: ["a"], contexts: ["{}"], now });
    await expect(cause).rejects.toMatchObject({ code: "OUT_OF_MEMORY" });
    trap.mockRestore();
    expect((await other).at(0, 0).variation).toBe("off");
    expect(workers.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  });
});

test("a module that cannot be loaded is told to each call, and asked for again", async () => {
  const modules: Promise<WebAssembly.Module>[] = [Promise.reject(new TypeError("404"))];
  modules[0]?.catch(() => undefined);
  const evaluator = new EvaluatorClient(() => new FakeWorker(modules.shift() ?? workbenchModule()));
  await expect(evaluator.parseRule("a exists")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  if (hasModule) expect((await evaluator.parseRule("a exists")).mistake).toBeUndefined();
});
