import { act, assert, given, inBrowser, signIn } from "./flow.mjs";

const place = `/${given.org}/${given.project}`;
const banner = (page) => page.getByText(/^No contact with the control plane since \d/);
// A page that has been loaded again does not know this any more.
const mark = (page) => page.evaluate(() => (window.isTheSame = true));
const isTheSame = (page) => page.evaluate(() => window.isTheSame === true);

await inBrowser(async (page, open) => {
  await signIn(page, `${place}/flags/-/new`);
  await page.getByLabel("Name", { exact: true }).fill("Typed before");
  await mark(page);

  const editor = await open();
  await signIn(editor, `${place}/flags/${given.flag}/development`);
  await editor.getByText("The flag is on").click();
  await editor.getByText("1 change").waitFor();
  await mark(editor);

  act("kill");
  // Both pages say so by themselves. What is shown stays, and so do a draft and what has been typed.
  for (const each of [page, editor]) await banner(each).waitFor();
  await page.getByRole("status").filter({ hasText: "Offline" }).waitFor();
  await page.getByRole("button", { name: "Create flag" }).click();
  await page.getByText("The control plane did not answer").first().waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Typed before");
  await editor.getByText("1 change").waitFor();

  // A page whose code has not come yet is waited for, instead of a browser's page of errors.
  await editor.locator("#content").focus();
  await editor.keyboard.press("g");
  await editor.keyboard.press("a");
  await editor.waitForURL(/-\/audit/);
  await banner(editor).waitFor();

  act("start");
  for (const each of [page, editor]) await banner(each).waitFor({ state: "detached" });
  await editor.getByRole("heading", { name: "Audit", level: 1 }).waitFor();
  await editor.goBack();
  await editor.getByText("1 change").waitFor();
  await page.getByRole("button", { name: "Create flag" }).click();
  await page.getByRole("heading", { name: /typed-before/ }).waitFor();
  for (const each of [page, editor]) {
    await each.getByRole("status").filter({ hasText: "Live" }).waitFor();
    assert.ok(await isTheSame(each));
  }
});
