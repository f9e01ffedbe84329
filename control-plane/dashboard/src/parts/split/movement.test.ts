import { describe, expect, it } from "vitest";
import type { Serve } from "../../model/index";
import { serveMove } from "./movement";

const split = (to: number, rest = {}): Serve => ({
  split: { ranges: [[0, to, "on"]], otherwise: "off", ...rest },
});

describe("what a change of a split does", () => {
  it("says who moves, and who loses nothing", () => {
    expect(serveMove(split(5_000), split(25_000), false, "s")?.text).toBe("Moves 20.000 %: off → on. Nobody loses on.");
    expect(serveMove(split(25_000), split(25_000), false, "s")).toBeUndefined();
  });
  it("says that everybody is dealt anew", () => {
    const move = serveMove(split(50_000), split(50_000, { salt: "other" }), false, "s");
    expect(move).toMatchObject({ isAnew: true, moved: 50_000 });
  });
  it("counts everybody where one variation takes the place of another", () => {
    expect(serveMove({ variation: "off" }, { variation: "on" }, false, "s")?.text).toBe("Moves 100.000 %: off → on.");
  });
});
