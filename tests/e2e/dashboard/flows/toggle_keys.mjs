// On and off without a pointer: from the filter into the list, along the row to the state, and back by Undo.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
async function tabTo(page, name) {
  for (let i = 0; i < 30; i += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${name}`);
}

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags`);
  const state = (verb) => page.getByRole("button", { name: `${verb} ${given.flag} in development` });
  await state("Turn on").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type(given.flag);
  await page.getByText(/^1 (of|flag)/).waitFor();
  await page.keyboard.press("Enter");
  await page.locator('[role="row"]:focus').waitFor();
  await tabTo(page, `Off: Turn on ${given.flag} in development`);
  await page.keyboard.press("Enter");
  await state("Turn off").waitFor();
  assert.equal(await focused(page), `On: Turn off ${given.flag} in development`); // the focus stays where one acts

  await page.keyboard.press("F6"); // to the messages
  await tabTo(page, "Undo");
  await page.keyboard.press("Enter");
  await state("Turn on").waitFor();
  assert.equal(await page.getByRole("alertdialog").count(), 0);
});
