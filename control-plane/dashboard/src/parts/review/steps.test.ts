import { describe, expect, it } from "vitest";
import { proposedShares, readSteps } from "./steps";

describe("steps of a rollout", () => {
  it("end with the share that is wanted", () => {
    expect(readSteps("1, 5", "1h", 0, 25_000)).toEqual([
      { share: 1_000, hold: "1h" },
      { share: 5_000, hold: "1h" },
      { share: 25_000 },
    ]);
    expect(readSteps("5 25", "1h30m", 0, 25_000)).toHaveLength(2);
    expect(readSteps("", "1d", 0, 100_000)).toEqual([{ share: 100_000 }]);
  });
  it("grow, from the present share on", () => {
    expect(readSteps("10, 5", "1h", 0, 25_000)).toBe("not_growing");
    expect(readSteps("5", "1h", 5_000, 25_000)).toBe("not_growing");
    expect(readSteps("50", "1h", 0, 25_000)).toBe("not_growing");
  });
  it("are percentages and durations", () => {
    expect(readSteps("many", "1h", 0, 25_000)).toBe("not_a_percentage");
    for (const hold of ["", "soon", "1"]) expect(readSteps("1", hold, 0, 25_000)).toBe("no_duration");
  });
  it("are proposed between the two", () => {
    expect(proposedShares(0, 100_000)).toBe("1, 3, 10, 30");
    expect(proposedShares(5_000, 25_000)).toBe("10");
  });
});
