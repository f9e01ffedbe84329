import { assert, given, inBrowser, signIn } from "./flow.mjs";

// A developer asks to promote into production; a maintainer's request page has it, and what the maintainer does is on the
// developer's page without a reload.
await inBrowser(async (page, open) => {
  const compare = `/${given.org}/${given.project}/compare?from=staging&to=production&sel=${given.flag}`;
  await signIn(page, compare, { email: given.developer });
  await page.getByRole("button", { name: "Ask to promote 1 to production" }).click();
  const review = page.getByRole("dialog");
  await review.getByText("/enabled").waitFor();
  assert.equal(await review.getByRole("button", { name: /^Publish/ }).count(), 0);
  await review.getByLabel("Title of the request").fill(given.title);
  await review.getByRole("button", { name: /^Ask for approval/ }).click();
  await page.getByRole("button", { name: "Open the request" }).click();
  await page.getByRole("heading", { level: 1, name: new RegExp(given.title) }).waitFor();
  await page.getByText("It is your own request. Others approve it.").waitFor();

  const other = await open();
  await signIn(other, `/${given.org}/-/requests`, { email: given.maintainer });
  await other.getByRole("link", { name: given.title }).click();
  await other.getByRole("button", { name: /^Approve/ }).click();
  await other.getByText("1 of 1").first().waitFor();
  await page.getByText("1 of 1").first().waitFor();
  await page.getByText("Somebody who may change the environment applies it.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Apply now" }).count(), 0);
  await other.getByRole("button", { name: "Apply now" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Apply to production" }).click();
  await page.getByRole("heading", { level: 1 }).getByText("Applied").waitFor();
});
