import { expect, test, vi } from "vitest";

vi.mock("./worker?worker&url", () => ({ default: "assets/worker-abc.js" }));
const { assetUrl } = await import("./spawn");

const base = "https://flags.example.com/tools/ui/";

test("a worker's script is among the built files", () => {
  expect(assetUrl("assets/worker-abc.js", base)).toBe(`${base}assets/worker-abc.js`);
  expect(assetUrl(`${base}assets/worker-abc.js`, base)).toBe(`${base}assets/worker-abc.js`);
});

test.each([
  "worker.js",
  "https://evil.example.com/tools/ui/assets/worker.js",
  "assets/../worker.js",
  "//evil.example.com/assets/worker.js",
  "data:text/javascript,1",
  "blob:https://flags.example.com/1",
  "assets/picture.svg",
])("no other URL passes: %s", (url) => {
  expect(() => assetUrl(url, base)).toThrow(TypeError);
});
