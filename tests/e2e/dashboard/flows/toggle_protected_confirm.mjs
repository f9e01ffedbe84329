import { assert, given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags?q=${given.flag}`);
  const turnOn = page.getByRole("button", { name: `Turn on ${given.flag} in production` });
  await turnOn.click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText(/100 %/).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await turnOn.waitFor(); // nothing has happened

  // By keys alone: the palette names the place, Enter leads to the dialog, whose button has the focus.
  await page.keyboard.press("Control+k");
  await page.keyboard.type(`on ${given.flag} production`);
  await page.getByRole("option", { name: new RegExp(`Turn on ${given.flag} in production`) }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  await page.locator("button:focus", { hasText: "Turn on in production" }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: `Turn off ${given.flag} in production` }).waitFor();
  assert.equal(await page.getByRole("alertdialog").count(), 0);
});
