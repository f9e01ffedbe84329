import { describe, expect, it } from "vitest";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { meantEnvironment } from "./use_edit_keys";

const environments = ["development", "staging", "production"].map((key) => ({ key }) as Environment);
const entry = { environments: { development: { percent: 0 }, staging: { percent: 5 }, production: { percent: 40 } } };
const meant = (given: { named?: string; last?: string; isShare: boolean }) =>
  meantEnvironment(environments, entry as unknown as FlagEntry, { named: undefined, last: undefined, ...given });

describe("the environment that a key of the flag's page means", () => {
  it("is the one that is named, then the one that was edited last", () => {
    expect(meant({ named: "development", last: "production", isShare: true })).toBe("development");
    expect(meant({ last: "production", isShare: true })).toBe("production");
    expect(meant({ last: "production", isShare: false })).toBe("production");
  });
  it("is one with a share where a share is changed", () => {
    expect(meant({ isShare: true })).toBe("staging");
    expect(meant({ last: "development", isShare: true })).toBe("staging");
    expect(meant({ isShare: false })).toBe("development");
    expect(meantEnvironment([], undefined, { named: undefined, last: undefined, isShare: true })).toBeUndefined();
  });
});
