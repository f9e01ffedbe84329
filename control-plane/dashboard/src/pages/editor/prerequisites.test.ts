import { describe, expect, it } from "vitest";
import { chainOf, depthOf, flagsIn, standingOf } from "./prerequisites";

const flag = (key: string, needs: string[], enabled = true) => ({
  key,
  enabled,
  prerequisites: needs.map((each) => ({ flag: each, variations: ["on"] })),
  targets: [],
  rules: [],
  fallthrough: { variation: "on" },
  variations: [{ key: "on" }],
});
const flags = flagsIn(
  JSON.stringify({ flags: [flag("a", ["b"]), flag("b", ["c"]), flag("c", []), flag("d", [], false)], segments: [] }),
);

describe("prerequisites", () => {
  it("are a chain", () => {
    expect(chainOf(flags, "a")).toEqual(["b", "c"]);
    expect([depthOf(flags, "a"), depthOf(flags, "c")]).toEqual([3, 1]);
  });
  it("hold, fail, or depend on who asks", () => {
    const held = flagsIn(
      JSON.stringify({
        flags: [flag("e", ["f"]), { ...flag("f", []), rules: [{}] }, flag("g", ["d"]), flag("d", [], false)],
      }),
    );
    expect(standingOf(flags, "c", ["on"])).toBe("holds");
    expect(standingOf(flags, "a", ["on"])).toBe("holds");
    expect(standingOf(flags, "c", ["off"])).toBe("fails");
    expect(standingOf(flags, "d", ["on"])).toBe("fails");
    expect(standingOf(held, "e", ["on"])).toBe("depends");
    expect(standingOf(held, "g", ["on"])).toBe("fails");
    expect(standingOf(flags, "nothing", ["on"])).toBe("unknown");
  });
  it("end where they come round", () => {
    const round = flagsIn(JSON.stringify({ flags: [flag("a", ["b"]), flag("b", ["a"])] }));
    expect(chainOf(round, "a")).toEqual(["b"]);
    expect(depthOf(round, "a")).toBe(2);
    expect(standingOf(round, "a", ["on"])).toBe("unknown");
  });
});
