// A rule is taken, moved by the arrow keys and dropped; another one by its menu.
import { openEditor, publish, review } from "./editor.mjs";
import { given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  await page.getByRole("button", { name: /^Move rule 3/ }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.getByText("Position 1 of 3.").waitFor({ state: "attached" });
  await page.keyboard.press("Enter"); // c a b
  await page.getByText("Moved").waitFor();
  await page.getByRole("button", { name: "Rule 2: Move" }).click();
  await page.getByRole("menuitem", { name: "To position 3" }).click(); // c b a
  await review(page, given.flag);
  await publish(page, given.flag);
});
