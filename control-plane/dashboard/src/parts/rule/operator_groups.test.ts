import { describe, expect, it } from "vitest";
import { operators } from "../../model/index";
import { operatorOptions } from "./operator_groups";

describe("the operators that are offered", () => {
  it("are all there, once", () => {
    const ids = operatorOptions([]).map(({ id }) => id);
    expect([...ids].sort()).toEqual(Object.keys(operators).sort());
  });
  it("begin with those that fit", () => {
    const groups = (types: string[]) => [...new Set(operatorOptions(types).map(({ group }) => group))];
    expect(groups(["number"])[1]).toBe("Numbers");
    expect(groups(["string"])[1]).toBe("Texts");
  });
});
