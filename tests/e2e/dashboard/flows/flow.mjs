// What every flow has: Debian's Chromium, a page that may break no rule, and conditions to wait for. A message on the console, a
// violation of the Content-Security-Policy, or a request to another host fails the flow, whatever it tests.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../../control-plane/dashboard/package.json", import.meta.url));
const { chromium } = require("playwright-core");

export const given = JSON.parse(process.env.FLOW);
export { assert };
export const deadline = Number(process.env.FLOW_STEP ?? 60_000); // for each step; limits are for machines that do much else

// `allowed`: answers that the flow provokes, as "404 /nothing". Whether somebody is signed in is asked by every page.
export async function inBrowser(steps, { allowed = [], ...options } = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const faults = [];
  const open = async () => {
    const context = await browser.newContext({ viewport: { width: given.width ?? 1440, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(deadline);
    page.on("pageerror", (error) => faults.push(`error: ${error.stack}`));
    page.on("console", (message) => {
      const isAnswer = /^(Failed to load resource|EventSource's response)/.test(message.text());
      if (message.type() === "error" && !isAnswer) faults.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const own = [given.pages, `blob:${given.pages}`, "data:"]; // a file that the page has made is a blob
      if (!own.some((begin) => request.url().startsWith(begin))) faults.push(`foreign: ${request.url()}`);
    });
    page.on("response", (answer) => {
      if (answer.status() < 400) return;
      const what = `${answer.status()} ${new URL(answer.url()).pathname}`;
      if (!["401 /auth/me", ...allowed].some((end) => what.startsWith(end.split(" ")[0]) && what.endsWith(end.split(" ")[1]))) faults.push(what);
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
      await steps(page, open);
    } catch (error) {
      mkdirSync(given.shots, { recursive: true });
      await page.screenshot({ path: `${given.shots}/failed.png` });
      throw error;
    }
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
}

export const to = (path) => `${given.pages}/ui${path}`;

export async function signIn(page, path = "/", { email = given.email, password = given.password } = {}) {
  await page.goto(to(path));
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "You" }).waitFor();
}
