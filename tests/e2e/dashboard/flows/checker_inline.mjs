// What the checks find stands where it is, while one edits: a rule that can never serve, a target that another list takes.
import { openEditor, review } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  const second = page.locator('[data-rule="narrow"]');
  assert.equal(await second.getAttribute("data-dead"), null);

  // The first rule is widened: the second can never serve then.
  await page.locator('[data-rule="wide"]').getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Rule 1: Condition" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('country in ["DE", "AT"]');
  await page.locator('[data-rule="narrow"][data-dead]').waitFor();
  await second.getByText(/can never serve/).waitFor();
  await second.getByRole("button", { name: "Edit" }).click();
  await second.getByRole("button", { name: "Show rule 1" }).click();
  await page.waitForURL(/rule=wide/);

  // A value that another list takes away; the list that has it says so.
  const token = page.getByRole("row", { name: /bob.*gets on, by an earlier list/ });
  await token.waitFor();
  const sheet = await review(page, given.flag);
  const fresh = sheet.getByRole("region", { name: "Findings" }).getByRole("listitem").first();
  assert.match(await fresh.innerText(), /New with this change[\s\S]*can never serve/);
});
