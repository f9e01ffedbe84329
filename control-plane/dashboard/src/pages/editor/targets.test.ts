import { describe, expect, it } from "vitest";
import { applyToConfig, type FlagConfig, type Target } from "../../model/index";
import { setValues, shadowedIn } from "./targets";

const list = (variation: string, values: string[], attribute = "targetingKey"): Target => ({
  ...{ variation, attribute, values },
});
const targets = [list("on", ["ann", "bob"]), list("off", ["bob", "cy"]), list("off", ["ann"], "/team")];

describe("lists of those who are named", () => {
  it("have values that an earlier list of the same attribute takes", () => {
    expect([...shadowedIn(targets, 1)]).toEqual([["bob", "on"]]);
    expect(shadowedIn(targets, 0).size + shadowedIn(targets, 2).size + shadowedIn(targets, 9).size).toBe(0);
  });
  it("take values from each other", () => {
    const before = [list("on", ["ann", "bob"]), list("off", ["cy"])];
    const { step, moved } = setValues(before, list("off", []), ["cy", "ann"]);
    expect([...moved]).toEqual([["on", ["ann"]]]);
    const config = { enabled: true, off: null, prerequisites: [], targets: before, rules: [] };
    const made = applyToConfig({ ...config, fallthrough: { variation: "on" } } as FlagConfig, step, {
      ...{ salt: "s", variations: ["on", "off"] },
    });
    expect("value" in made && made.value.targets).toEqual([list("on", ["bob"]), list("off", ["cy", "ann"])]);
  });
  it("are left alone where nobody moves", () => {
    expect(setValues(targets, list("on", []), ["ann", "dee"]).step).toHaveLength(1);
    expect(setValues(targets, list("on", [], "/team"), ["bob"]).moved.size).toBe(0);
  });
});
