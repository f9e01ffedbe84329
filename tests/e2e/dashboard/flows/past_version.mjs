// A past version of the environment, by its address: read only, and one press from the present one.
import { openEditor } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag, { query: `?at=${given.at}&rule=old&as=tree` });
  await page.getByText(`As it was in version ${given.at}. This page only shows it.`).waitFor();
  await page.locator('[data-rule="old"]').waitFor();
  assert.equal(await page.getByRole("toolbar").count(), 0);
  assert.equal(await page.getByRole("button", { name: /Add a rule|Name somebody|Add a prerequisite/ }).count(), 0);
  await page.getByRole("button", { name: "Show the present version" }).click();
  await page.locator('[data-rule="old"]').waitFor({ state: "detached" });
  await page.getByRole("toolbar").waitFor();
});
