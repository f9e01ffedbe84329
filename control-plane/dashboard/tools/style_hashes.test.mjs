import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { styleHashes } from "./style_hashes.mjs";

const root = dirname(createRequire(import.meta.url).resolve("react-aria/package.json"));
const scripts = readdirSync(join(root, "dist"), { recursive: true }).filter((name) => name.endsWith(".mjs"));

describe("the inline styles of React Aria", () => {
  it("are two, each with its hash", () => {
    expect(styleHashes()).toHaveLength(2);
    for (const hash of styleHashes()) expect(hash).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it("are the only ones that it inserts", () => {
    const inserting = scripts.filter((name) =>
      /createElement\(['"]style['"]\)/.test(readFileSync(join(root, "dist", name), "utf8")),
    );
    expect(inserting.map((name) => name.replaceAll("\\", "/")).sort()).toEqual([
      "private/interactions/usePress.mjs",
      "private/overlays/usePreventScroll.mjs",
    ]);
  });
});
