import { describe, expect, it } from "vitest";
import { pages } from "./routes";

describe("the table of pages", () => {
  it("has each path and each key once", () => {
    expect(new Set(pages.map((page) => page.path)).size).toBe(pages.length);
    const keys = pages.flatMap((page) => (page.menu?.key ? [page.menu.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
