// A rule is duplicated, left out of the draft and taken in again, and copied to another environment, whose draft has it.
import { openEditor, review } from "./editor.mjs";
import { given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  const menu = (n) => page.getByRole("button", { name: `Rule ${n}: Move` });
  await menu(1).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await page.getByText("New", { exact: true }).waitFor();
  await menu(1).click();
  await page.getByRole("menuitem", { name: "Disable in the draft" }).click();
  await page.getByText("Disabled in the draft: publishing removes it").waitFor();
  await page.getByRole("button", { name: "Enable again" }).click();
  await page.getByText("Disabled in the draft").waitFor({ state: "detached" });

  await menu(1).click();
  await page.getByRole("menuitem", { name: "Copy to another environment or flag" }).click();
  await page.getByRole("button", { name: "Copy into the draft of production" }).waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Environment" }).click();
  await page.getByRole("option", { name: /staging/i }).click();
  await page.getByRole("button", { name: "Copy into the draft of staging" }).click();
  await page.getByRole("button", { name: "Open the draft" }).click();
  await page.waitForURL(/\/staging\?rule=/);
  await page.getByText("1 change", { exact: true }).waitFor();
  const sheet = await review(page, given.flag, "staging");
  await sheet.getByText(/Adds rule 1/).waitFor();
});
