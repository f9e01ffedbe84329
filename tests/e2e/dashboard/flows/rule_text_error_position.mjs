// A rule typed as text, with a mistake behind characters of several units.
import { openEditor, publish, review } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  await page.keyboard.press("r");
  await page.locator("[aria-label='Rule 1: Condition']:focus").waitFor();
  await page.keyboard.insertText('city in ["Zürich", "🎉"] and /app/version >= wersion "2.1"');
  const mark = page.locator(".cm-lintRange-error");
  await mark.waitFor();
  assert.equal(await mark.innerText(), "wersion");
  await page.getByRole("alert").first().waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText("A rule has a mistake.").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('city in ["Zürich", "🎉"] and /app/version >= version "2.1"');
  await mark.waitFor({ state: "detached" });
  await page.keyboard.press("Tab");
  await page.keyboard.type("on"); // letters that are no keys of the page
  const sheet = await review(page, given.flag);
  await sheet.getByText(/Adds rule 1/).waitFor();
  await publish(page, given.flag);

  // The same condition as a tree.
  await page.getByRole("tab", { name: "Tree" }).click();
  await page.getByRole("group", { name: /city in/ }).first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get("as"), "tree");
});
