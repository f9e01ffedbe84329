// The list shows how often flags were evaluated: asked for the rows in sight, in one request; nothing moves when it comes; nothing is asked
// for where the column is off.
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

await inBrowser(async (page) => {
  const asked = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith("/stats/sparks")) asked.push(url.searchParams.get("flags").split(","));
  });
  const list = `/${given.org}/${given.project}/flags`;
  await page.addInitScript(() => {
    window.__moved = 0;
    new PerformanceObserver((seen) => {
      for (const one of seen.getEntries()) if (!one.hadRecentInput) window.__moved += one.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  // The counts come when the rows stand, so that what moves then would have been moved by them.
  let release;
  const held = new Promise((done) => {
    release = done;
  });
  await page.route(/\/stats\/sparks/, async (route) => {
    await held;
    await route.continue();
  });
  await signIn(page, list);
  await page.getByRole("row").nth(1).waitFor();
  await page.waitForFunction(() => document.querySelector('[role="status"][data-late]') === null);
  await page.evaluate(() => {
    window.__moved = 0;
  });
  release();
  await page.getByRole("img", { name: `${given.total} evaluations in 24 hours in production` }).waitFor();
  await page.getByRole("img", { name: "0 evaluations in 24 hours in production" }).first().waitFor();
  assert.equal(asked.length, 1, JSON.stringify(asked));
  assert.ok(asked[0].includes(given.flag) && asked[0].length < 100, `${asked[0].length} flags`);
  assert.equal(await page.evaluate(() => window.__moved), 0);

  // Further down are others, and what has been asked for is not asked for again.
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("End");
  await page.getByRole("row").last().getByRole("img").waitFor();
  const all = asked.flat();
  assert.equal(new Set(all).size, all.length);
  assert.ok(all.length < 200, `${all.length} flags`);

  const before = asked.length;
  await page.goto(to(`${list}?cols=type,owner`));
  await page.getByRole("row").nth(1).waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Evaluations" }).waitFor();
  assert.equal(asked.length, before);
  await page.getByRole("menuitemcheckbox", { name: "Evaluations" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("img", { name: `${given.total} evaluations in 24 hours in production` }).waitFor();
});
