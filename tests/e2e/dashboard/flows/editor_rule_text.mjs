// Job 5: a rule typed as text, with a mistake behind characters of several units.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags/${given.flag}/development`);
  await page.getByRole("heading", { name: "Rules" }).waitFor();
  await page.keyboard.press("r");
  const field = page.getByRole("textbox", { name: "Rule 1: Condition" });
  await field.waitFor();
  await page.locator("[aria-label='Rule 1: Condition']:focus").waitFor();
  await page.keyboard.insertText('city in ["Zürich", "🎉"] and /app/version >= wersion "2.1"');
  const mark = page.locator(".cm-lintRange-error");
  await mark.waitFor();
  assert.equal(await mark.innerText(), "wersion");
  // The letters of the rule are no keys of the page.
  await page.getByRole("alert").first().waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText("A rule has a mistake.").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('city in ["Zürich", "🎉"] and /app/version >= version "2.1"');
  await mark.waitFor({ state: "detached" });
  await page.keyboard.press("Tab");
  await page.keyboard.type("on");
  await page.keyboard.press("Control+s");
  const sheet = page.getByRole("dialog");
  await sheet.getByText(/Adds rule 1/).waitFor();
  await page.keyboard.press("Control+Enter");
  await sheet.waitFor({ state: "detached" });
  await page.getByText(`${given.flag} in development is version`).waitFor();

  // The same condition as a tree.
  await page.getByRole("tab", { name: "Tree" }).click();
  await page.getByRole("group", { name: /city in/ }).first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get("as"), "tree");
});
