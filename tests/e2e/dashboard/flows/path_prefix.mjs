import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// That no request goes beside the prefix, flow.mjs sees to: to it, that is another host.
const prefix = new URL(given.pages).pathname;
const isAt = (page, path) => page.waitForURL((url) => url.pathname === `${prefix}/ui${path}`);
const place = `/${given.org}/${given.project}`;

await inBrowser(async (page) => {
  await signIn(page, `${place}/flags?q=key:${given.flag}`); // a deep link
  await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  const [cookie, ...others] = await page.context().cookies();
  assert.deepEqual([cookie.path, others], [`${prefix}/`, []]);

  await page.reload();
  await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();
  await page.getByRole("button", { name: `Turn on ${given.flag} in development` }).click();
  await page.getByText(`${given.flag} is on in development.`).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Audit" }).click();
  await isAt(page, `/${given.org}/-/audit`);
  await page.getByRole("heading", { name: "Audit", level: 1 }).waitFor();
  await page.goBack();
  await isAt(page, `${place}/flags`);

  // The worker and its module are below the prefix too.
  await page.goto(to(`${place}/play?flags=${given.flag}&envs=development#alice`));
  await page.getByRole("grid", { name: "Results" }).getByRole("button").first().waitFor();

  await page.getByRole("button", { name: "You" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await isAt(page, "/-/signin");
  assert.deepEqual(await page.context().cookies(), []);
});
