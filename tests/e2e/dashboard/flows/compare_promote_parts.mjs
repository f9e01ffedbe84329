import { assert, given, inBrowser, signIn } from "./flow.mjs";

// Staging has what production has not. One part of one flag is promoted, and undone as one; then the whole by keys alone.
await inBrowser(async (page) => {
  const home = `/${given.org}/${given.project}`;
  await signIn(page, `${home}/compare?from=staging&to=production`);
  await page.getByRole("button", { name: `Differences of ${given.flag}` }).click();
  await page.getByRole("tab", { name: "Text" }).click();
  await page.getByRole("figure", { name: given.flag }).waitFor();

  // Without the rules: on or off alone.
  await page.locator("label", { has: page.getByRole("checkbox", { name: `Select ${given.flag}` }) }).click();
  assert.match(page.url(), new RegExp(`sel=${given.flag}`));
  await page.getByRole("group", { name: "Take over" }).getByText("Everyone else").click();
  await page.getByRole("button", { name: "Promote 1 to production" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("/enabled").waitFor();
  assert.equal(await dialog.getByText("/fallthrough").count(), 0);
  await dialog.getByRole("button", { name: "Publish to production" }).click();
  await page.getByText("1 configuration promoted to production.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("production serves what it served before.").waitFor();

  // Job 6: the palette names the flag, the review opens, one press publishes.
  await page.keyboard.press("Control+k");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.type(`promote ${given.flag}`);
  await page.getByRole("option", { name: new RegExp(`Promote ${given.flag}`) }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByText("/fallthrough").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Both environments serve the same").waitFor();
});
