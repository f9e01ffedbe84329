// One condition in two views: what is done in one of them is in the other, and neither loses what it does not show.
import { openEditor, publish, review } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag, { query: "?rule=r&as=tree" });
  const text = page.getByRole("textbox", { name: "Rule 1: Condition" });
  const says = (wanted) => page.waitForFunction(
    ([label, expected]) => {
      const hosts = [...document.querySelectorAll("*")].filter((each) => each.shadowRoot);
      return hosts.some((host) => host.shadowRoot.querySelector(`[aria-label="${label}"]`)?.innerText.trim() === expected);
    },
    ["Rule 1: Condition", wanted],
  );
  await says('country in ["DE", "AT"] and (plan is "pro" or age >= 18.0)');

  // The tree, by keys: the first comparison goes into the group behind it is not possible, into the one before it is.
  const row = (path) => page.locator(`[data-path="${path}"]`);
  await row("0").getByRole("combobox").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await says('(plan is "pro" or age >= 18.0) and country in ["DE", "AT"]');
  await page.locator('[data-path="1"] :focus').waitFor();
  await page.keyboard.press("Alt+ArrowRight");
  await says('plan is "pro" or age >= 18.0 or country in ["DE", "AT"]'.replace(/^(.*)$/, "all($1)"));
  await page.keyboard.press("Alt+ArrowLeft");
  await says('(plan is "pro" or age >= 18.0) and country in ["DE", "AT"]');

  // The text: the node at its cursor is marked in the tree.
  await text.click();
  await page.keyboard.press("Control+End");
  await page.locator('[data-path="1"][data-selected]').waitFor();
  await page.keyboard.type(" and not segment beta?");
  await page.locator(".cm-lintRange-error, .cm-lintPoint-error").first().waitFor();
  await page.locator("[data-stale]").waitFor();
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('( plan is "pro"   or age >= 18.0) and country in ["DE","AT"] and beta is true');
  await row("2").waitFor();
  await page.keyboard.press("Tab"); // the canonical text, on leaving the field
  await says('(plan is "pro" or age >= 18.0) and country in ["DE", "AT"] and beta is true');
  await review(page, given.flag);
  await publish(page, given.flag);
  assert.equal(await row("2").count(), 1);
});
