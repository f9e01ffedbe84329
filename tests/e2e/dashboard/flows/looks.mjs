// What holds for each page in each look: nothing is wider than the window, and axe finds no violation. The dashboard is loaded once for
// many pages and looks: it goes to a page as a link does, and the window changes around it.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { assert, given, to } from "./flow.mjs";

const require = createRequire(new URL("../../../../control-plane/dashboard/package.json", import.meta.url));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const found = [];

// What a flow begins with: colours change at once, and not while they are measured.
export const still = { reducedMotion: "reduce" };

// Those that a page could depend on in different ways.
const looks = {
  light: { colorScheme: "light", size: { width: 1440, height: 900 } },
  narrow: { colorScheme: "dark", size: { width: 390, height: 844 } },
  wide: { colorScheme: "light", size: { width: 2560, height: 1440 } },
  rtl: { colorScheme: "light", size: { width: 1024, height: 768 } },
};

// Right to left is only in the pseudo-locale, because there is one language. It holds for what is loaded after it.
export const mirror = (page) => page.addInitScript(() => localStorage.setItem("fanion-look", JSON.stringify({ pseudo: "1", dir: "rtl" })));

// Whatever the words are in the pseudo-locale.
export async function signInSomehow(page) {
  await page.goto(to("/-/signin"));
  await page.locator('input[name="email"]').fill(given.email);
  await page.locator('input[name="password"]').fill(given.password);
  await page.locator('button[type="submit"]').click();
  await page.locator("#content").waitFor(); // a narrow page hides its menu
  await isDrawn(page); // where it leads to
}

// Whether what a page asks for comes soon or late.
export async function isDrawn(page) {
  await page.locator("h1, h2").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role="status"][data-late]') === null);
}

// Goes there as a link does.
export async function follow(page, path) {
  const { pathname, search, hash } = new URL(to(path));
  await page.evaluate((address) => {
    const router = window.__TSR_ROUTER__;
    return new Promise((done) => {
      const stop = router.subscribe("onResolved", () => done(stop()));
      router.history.push(address);
    });
  }, pathname + search + hash);
  await isDrawn(page);
}

// A dialog that has put the page behind it is there itself.
const isShown = () => {
  if (document.documentElement.style.overflow !== "hidden") return true;
  const dialogs = [...document.querySelectorAll('[role="dialog"], [role="alertdialog"]')];
  return dialogs.some((dialog) => dialog.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
};

async function wear(page, look) {
  await page.emulateMedia({ colorScheme: looks[look].colorScheme });
  await page.setViewportSize(looks[look].size);
  // What measures itself has done so in the frame after.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(isShown);
}

// Not what has been said to a screen reader a moment ago, of which what it was said about may be gone.
const examined = { exclude: [["[data-live-announcer]"]] };

async function isAccessible(page, name) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
  const { violations } = await page.evaluate((given) => window.axe.run(...given), [examined, options]);
  for (const { id, nodes } of violations) found.push(`${name}: ${id} ${nodes.slice(0, 3).map((node) => node.html.slice(0, 300)).join(" ")}`);
}

// By how much a page is wider than the window, and which element is: the innermost that ends outside, but for what stands in something
// that scrolls.
export function howFarOut() {
  const width = document.documentElement.clientWidth;
  const main = document.querySelector("main") ?? document.documentElement;
  const over = Math.max(document.documentElement.scrollWidth - width, main.scrollWidth - main.clientWidth);
  if (over <= 0) return null;
  const scrolls = (one) => one && one !== main && (/(auto|scroll|hidden|clip)/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.right > width + 1 || box.left < -1) && !scrolls(one.parentElement);
  });
  return `${over} pixels wider than the window: ${out.at(-1)?.outerHTML.slice(0, 200)}`;
}

// What is there, in each of these looks. A picture is taken if somebody keeps it, or if something is wrong.
export async function examine(page, name, worn, { deep = ["light", "narrow"] } = {}) {
  for (const look of worn) {
    const before = found.length;
    await wear(page, look);
    const wider = await page.evaluate(howFarOut);
    if (wider) found.push(`${name}, ${look}: ${wider}`);
    if (deep.includes(look)) await isAccessible(page, `${name}, ${look}`);
    if (!given.keeps && found.length === before) continue;
    mkdirSync(given.shots, { recursive: true });
    await page.screenshot({ path: `${given.shots}/${name}-${look}.png` });
  }
}

// Takes what is to be done in several pages at once, each of which `begin` has prepared.
export async function inLanes(pages, things, begin, each) {
  const left = [...things];
  const lane = async (page) => {
    await begin(page);
    for (let next = left.shift(); next !== undefined; next = left.shift()) await each(page, next);
  };
  await Promise.all(pages.map(lane));
}

export const nothingFound = () => assert.deepEqual(found, []);
