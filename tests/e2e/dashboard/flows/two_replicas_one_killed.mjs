import { act, assert, given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags`);
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  await page.getByLabel("Filter flags").fill("replica");
  await page.evaluate(() => (window.isTheSame = true));

  act("kill");
  // The stream is opened at the other replica, with what has happened in between.
  await page.getByRole("row", { name: /replica-late/ }).waitFor();
  await page.getByRole("button", { name: "Turn on replica-early in development" }).click();
  await page.getByText("replica-early is on in development.").waitFor();
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  assert.equal(await page.getByText(/No contact with the control plane/).count(), 0);
  assert.equal(await page.getByLabel("Filter flags").inputValue(), "replica");
  assert.ok(await page.evaluate(() => window.isTheSame === true));
});
