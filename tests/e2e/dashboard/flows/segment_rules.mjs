import { assert, given, inBrowser, signIn } from "./flow.mjs";

// A rule is added by its text and moved up; the draft is there after a reload, and one review publishes it.
await inBrowser(async (page) => {
  const path = `/${given.org}/${given.project}/segments/${given.segment}/development`;
  await signIn(page, path);
  const rules = page.getByRole("list", { name: "Rules" });
  await rules.getByText('plan is "pro"').waitFor();
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByRole("textbox", { name: "Rule 2: condition" }).click();
  await page.keyboard.type('country in ["DE", "AT"] and');
  await page.getByText(/^line 1, column \d+: /).first().waitFor(); // the language's own sentence begins with the place
  for (let i = 0; i < " and".length; ++i) await page.keyboard.press("Backspace");
  await page.getByText("1 change", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Rule 2: more" }).click();
  await page.getByRole("menuitem", { name: "Move up" }).click();
  await page.getByText("2 changes", { exact: true }).waitFor();
  await page.reload();
  await page.getByText("2 changes", { exact: true }).waitFor();
  assert.deepEqual(await rules.locator("li > div > code").allInnerTexts(), ['country in ["DE", "AT"]', 'plan is "pro"']);
  await page.getByRole("button", { name: "Review the rules" }).click();
  await page.getByRole("dialog").getByRole("region", { name: "What changes" }).getByText(/country in \["DE", "AT"\]/).waitFor();
  await page.getByRole("button", { name: /Publish to development/ }).click();
  await page.getByText(/^The rules of .* have been changed\.$/).waitFor();
  await page.getByRole("button", { name: "Review the rules" }).waitFor({ state: "detached" });
});
