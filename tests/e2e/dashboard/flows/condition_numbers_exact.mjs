// Numbers keep their spelling: in a condition, in what Try it shows of a context, in the difference, and in what is stored.
import { openEditor, publish, review, stored } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

const condition = "level is 1.0 or id is 9223372036854775807";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  await page.keyboard.press("r");
  await page.getByRole("textbox", { name: "Rule 1: Condition" }).waitFor();
  await page.locator("[aria-label='Rule 1: Condition']:focus").waitFor();
  await page.keyboard.insertText(condition);
  await page.keyboard.press("Tab");
  await page.locator("[data-rule]").getByText("9223372036854775807").first().waitFor();
  await page.getByRole("textbox", { name: "Context" }).fill('{"targetingKey":"a","id":9223372036854775807}');
  await page.getByRole("button", { name: "Why" }).click();
  await page.getByRole("treegrid").getByText("9223372036854775807").first().waitFor();
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.locator("pre", { hasText: "1.0" }).waitFor();
  const sheet = await review(page, given.flag);
  await sheet.getByText(condition).first().waitFor();
  await sheet.getByRole("tab", { name: "JSON Patch" }).click();
  await sheet.locator("pre", { hasText: "9223372036854775807" }).waitFor();
  await publish(page, given.flag);
  const text = (await stored(given.flag)).replace(/\s/g, "");
  assert.match(text, /\[1\.0\]/);
  assert.match(text, /\[9223372036854775807\]/);
});
