// Every pair of colours that is drawn, from tokens.css itself.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Rgb = [number, number, number];
const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function block(selector: string): Map<string, string> {
  const at = css.indexOf(`${selector} {`);
  const body = css.slice(at, css.indexOf("}", at));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] as string, match[2] as string]),
  );
}

const light = block(":root");
const themes = { light, dark: new Map([...light, ...block(':root[data-theme="dark"]')]) };

function rgb(hex: string): Rgb {
  const match = /^#(..)(..)(..)$/.exec(hex);
  if (!match) throw new Error(`${hex} is not a colour`);
  return match.slice(1).map((part) => Number.parseInt(part, 16)) as Rgb;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const mixed = (over: Rgb, under: Rgb, share: number): Rgb =>
  over.map((part, i) => Math.round(part * share + (under[i] as number) * (1 - share))) as Rgb;

describe.each(Object.entries(themes))("%s", (_, tokens) => {
  const colour = (name: string) => rgb(tokens.get(name) ?? "");
  const grounds = ["ground", "surface", "sunken"];
  const texts = ["ink", "muted", "accent", "danger", "on", "partial", "off", "stale", "protected"];
  const tint = Number.parseInt(tokens.get("tint") ?? "", 10) / 100;

  it.each(texts)("%s is read on every ground", (name) => {
    for (const ground of grounds) expect(contrast(colour(name), colour(ground)), ground).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["accent", "danger", "on", "partial", "stale", "protected"])("ink is read on the tint of %s", (name) => {
    for (const ground of ["ground", "surface"]) {
      expect(contrast(colour("ink"), mixed(colour(name), colour(ground), tint))).toBeGreaterThanOrEqual(5);
    }
  });

  it("edges of controls and variations are seen", () => {
    for (const name of ["edge", ...Array.from({ length: 8 }, (_none, i) => `variation-${i + 1}`)]) {
      expect(contrast(colour(name), colour("surface")), name).toBeGreaterThanOrEqual(3);
    }
  });

  it("what is written on the accent is read", () => {
    expect(contrast(colour("on-accent"), colour("accent"))).toBeGreaterThanOrEqual(4.5);
  });
});
