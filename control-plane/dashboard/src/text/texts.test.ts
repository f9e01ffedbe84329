import { describe, expect, it } from "vitest";
import { ago, duration, exactTime, percent, setTimeZone } from "./format";
import { pseudoTexts } from "./texts";

describe("texts", () => {
  it("are longer and in brackets in the pseudo-locale, whatever form they have", () => {
    const made = pseudoTexts({ save: "Save", inner: { n: (n: number) => `${n} rows` } });
    expect(made.save).toBe("[Sávé~~]");
    expect(made.inner.n(3)).toMatch(/^\[3 róws~+\]$/);
  });
});

describe("formats", () => {
  it("write times with their zone", () => {
    setTimeZone("Europe/Berlin");
    expect(exactTime("2026-07-01T09:30:05Z")).toMatch(/^2026-07-01 11:30:05 (CEST|GMT\+2)$/);
    setTimeZone(undefined);
  });
  it("say how long ago", () => {
    const now = Date.parse("2026-07-01T12:00:00Z");
    expect(ago("2026-07-01T11:59:58Z", now)).toBe("just now");
    expect(ago("2026-07-01T11:00:00Z", now)).toMatch(/1\s?h(r\.?)? ago/);
  });
  it("write shares and durations", () => {
    expect(percent(33.333)).toBe("33.333 %");
    expect([duration(59), duration(75)]).toEqual(["59 s", "1 min 15 s"]);
  });
});
