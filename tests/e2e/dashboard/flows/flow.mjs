// What every flow has: Debian's Chromium, a page that may break no rule, and conditions to wait for. A message on the console, a
// violation of the Content-Security-Policy, or a request to another host fails the flow, whatever it tests.
import assert from "node:assert/strict";
import { mkdirSync, readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../../control-plane/dashboard/package.json", import.meta.url));
const { chromium } = require("playwright-core");

export const given = JSON.parse(process.env.FLOW);
export { assert };
export const deadline = Number(process.env.FLOW_STEP ?? 60_000); // for each step; limits are for machines that do much else

// What Playwright does not limit, as a script in a page, ends here, and the failure names it.
export async function within(what, promise, limit = deadline) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${limit / 1000} s: ${what}`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// `allowed`: answers that the flow provokes, as "404 /nothing". Whether somebody is signed in is asked by every page. `also`: sites
// besides the dashboard's that the flow goes to. `said`: what errors on the console begin with that the flow provokes.
export async function inBrowser(steps, { allowed = [], also = [], said = [], ...options } = {}) {
  const browser = await chromium.connect(given.browser); // browser.mjs
  const faults = [];
  const open = async () => {
    const context = await browser.newContext({ viewport: { width: given.width ?? 1440, height: 900 }, ...options });
    context.setDefaultTimeout(deadline); // also of pages that a flow opens beside
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(`error: ${error.stack}`));
    page.on("console", (message) => {
      const isAnswer = /^(Failed to load resource|EventSource's response)/.test(message.text());
      const isProvoked = said.some((begin) => message.text().startsWith(begin));
      if (message.type() === "error" && !isAnswer && !isProvoked) faults.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const known = [given.pages, `blob:${given.pages}`, "data:", ...also]; // a file that the page has made is a blob
      if (!known.some((begin) => request.url().startsWith(begin))) faults.push(`foreign: ${request.url()}`);
    });
    page.on("response", (answer) => {
      if (answer.status() < 400) return;
      const what = `${answer.status()} ${new URL(answer.url()).pathname}`;
      if (!["401 /auth/me", ...allowed].some((end) => what.startsWith(end.split(" ")[0]) && what.endsWith(end.split(" ")[1]))) {
        const text = within("the text of an answer, which does not come when the page has gone on", answer.text(), 10_000);
        faults.push(text.then((said) => `${what} ${said.slice(0, 400)}`, () => what));
      }
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    return page;
  };
  try {
    const page = await open();
    try {
      await within("all steps of the flow", steps(page, open), (given.limit ?? 540) * 1000);
    } catch (error) {
      mkdirSync(given.shots, { recursive: true });
      const pages = browser.contexts().flatMap((context) => context.pages());
      // A page that hangs shows nothing.
      for (const [i, one] of pages.entries()) await one.screenshot({ path: `${given.shots}/failed-${i + 1}.png` }).catch(() => undefined);
      throw error;
    }
    assert.deepEqual(await Promise.all(faults), []);
  } finally {
    await within("the contexts end", browser.close());
  }
}

// Has something done outside of the browser (`acts` of the test), and waits for it; no event of a page is handled meanwhile.
export function act(name) {
  writeSync(1, `act: ${name}\n`);
  readSync(0, Buffer.alloc(16));
}

export const to = (path) => `${given.pages}/ui${path}`;

// Nothing that the page shows, keeps, or has in its address holds the secret.
export async function isForgotten(page, secret) {
  const kept = await page.evaluate(() => `${JSON.stringify(localStorage)} ${JSON.stringify(sessionStorage)} ${location.href} ${JSON.stringify(history.state)}`);
  assert.ok(!`${await page.content()} ${kept}`.includes(secret), "the secret is still in the page");
}

// What a dialog shows once: masked at first, then itself, then not at all. `form` is how it is written.
export async function takeSecret(page, form, done = "I have kept it") {
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/•••/).waitFor();
  assert.ok(!(await page.content()).match(form));
  await dialog.getByRole("button", { name: "Show" }).click();
  const secret = (await dialog.getByText(form).textContent()).trim();
  await dialog.getByRole("button", { name: done }).click();
  return secret;
}

// Chooses in one of the menus of a form by keys.
export async function choose(page, label, option) {
  await page.getByRole("button", { name: label }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: option }).waitFor();
  await page.keyboard.type(option);
  await page.keyboard.press("Enter");
}

// The menu of the person. What moves while a page comes closes a menu that is open already.
export async function openMe(page) {
  const isThere = () => page.getByRole("menu").waitFor({ timeout: 5_000 }).then(() => true, () => false);
  for (let tries = 0; tries < 5; tries += 1) {
    await page.getByRole("button", { name: "You" }).click();
    if (await isThere()) return;
  }
  assert.fail("the menu of the person does not open");
}

export async function signIn(page, path = "/", { email = given.email, password = given.password } = {}) {
  await page.goto(to(path));
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "You" }).waitFor();
}
