// What holds for each page in each look: nothing is wider than the window, and axe finds no violation.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { assert, given, to } from "./flow.mjs";

const require = createRequire(new URL("../../../../control-plane/dashboard/package.json", import.meta.url));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const found = [];

// Those that a page could depend on in different ways. Right to left is only in the pseudo-locale, because there is one language.
export const looks = {
  light: { colorScheme: "light", viewport: { width: 1440, height: 900 } },
  dark: { colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  narrow: { colorScheme: "dark", viewport: { width: 390, height: 844 } },
  wide: { colorScheme: "light", viewport: { width: 2560, height: 1440 } },
  rtl: { colorScheme: "light", viewport: { width: 1024, height: 768 }, look: { pseudo: "1", dir: "rtl" } },
};

export const keepLook = (page, look) =>
  look ? page.addInitScript((kept) => localStorage.setItem("fanion-look", JSON.stringify(kept)), look) : undefined;

// Whatever the words are in the pseudo-locale.
export async function signInSomehow(page) {
  await page.locator('input[name="email"]').fill(given.email);
  await page.locator('input[name="password"]').fill(given.password);
  await page.locator('button[type="submit"]').click();
  await page.locator("#content").waitFor(); // a narrow page hides its menu
}

export async function isDrawn(page) {
  await page.locator("h1, h2").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role="status"][data-late]') === null);
}

export async function isAccessible(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((given) => window.axe.run(document, { runOnly: given }), rules);
  for (const { id, nodes } of violations) found.push(`${name}: ${id} ${nodes.slice(0, 3).map((node) => node.html.slice(0, 300)).join(" ")}`);
}

export async function fits(page, name) {
  const wider = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const main = document.querySelector("main") ?? document.documentElement;
    const over = Math.max(document.documentElement.scrollWidth - width, main.scrollWidth - main.clientWidth);
    if (over <= 0) return null;
    // Which element it is: the innermost that ends outside, but for what stands in something that scrolls.
    const scrolls = (one) => one && one !== main && (/(auto|scroll|hidden|clip)/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
    const out = [...main.querySelectorAll("*")].filter((one) => {
      const box = one.getBoundingClientRect();
      return (box.right > width + 1 || box.left < -1) && !scrolls(one.parentElement);
    });
    return `${over} pixels wider than the window: ${out.at(-1)?.outerHTML.slice(0, 200)}`;
  });
  if (wider) found.push(`${name}: ${wider}`);
}

export async function examine(page, name) {
  await isDrawn(page);
  mkdirSync(given.shots, { recursive: true });
  await page.screenshot({ path: `${given.shots}/${name}.png` });
  await fits(page, name);
  await isAccessible(page, name);
}

export async function visit(page, path, name, { deep = true } = {}) {
  await page.goto(to(path));
  await isDrawn(page);
  if (deep) return examine(page, name);
  await page.screenshot({ path: `${given.shots}/${name}.png` });
  await fits(page, name);
}

export const nothingFound = () => assert.deepEqual(found, []);
