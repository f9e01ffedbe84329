import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// 10,000 contexts, the saved configuration against a version before; an explanation; and nothing of a context leaves the browser.
await inBrowser(async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""}`));
  const place = `/${given.org}/${given.project}/play?flags=${given.flag}&envs=development`;
  await signIn(page, `/${given.org}/${given.project}`);
  await page.goto(to(`${place}#secret-person`));
  const cell = page.getByRole("grid", { name: "Results" }).getByRole("button").first();
  await cell.waitFor();
  await cell.click();
  await page.getByRole("treegrid").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Generate" }).click();
  await page.getByRole("textbox", { name: "Attributes" }).fill("targetingKey = secret-*10000");
  await page.getByLabel("At most").fill("10000");
  await page.getByRole("button", { name: "Make contexts" }).click();
  await page.getByText("10,000 contexts made from ranges").waitFor();
  await page.getByText(/10,000 contexts. +Computed/).waitFor();
  await page.goto(to(`${place}&versions=development:${given.before}#secret-person`));
  await page.getByText(/^1 of 1 context change/).waitFor();
  const leaked = asked.filter((text) => text.includes("secret"));
  assert.deepEqual(leaked, []);
});
