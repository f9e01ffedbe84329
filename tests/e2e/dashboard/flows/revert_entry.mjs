import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// Job 9, by keys alone: the log, its newest change, its inverse; and again by the pointer. Then one that others have changed since.
await inBrowser(
  async (page) => {
    await signIn(page, `/${given.org}/${given.project}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.getByRole("button", { name: "Show the difference" }).first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("u");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Turns the flag off.").waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("Reverted.").first().waitFor();

    await page.goto(to(`/${given.org}/-/audit?resource=projects/${given.project}/flags/${given.flag}&action=flag.configured`));
    await page.getByText(`reverts ${given.entry}`).waitFor();
    await page.goto(to(`/${given.org}/-/audit?entry=${given.entry}`));
    await page.getByRole("button", { name: /^Revert/ }).click();
    await dialog.getByText("This cannot be reverted").waitFor();
    assert.equal(await dialog.getByRole("button", { name: /^Revert in/ }).count(), 0);
  },
  { allowed: ["409 /revert"] },
);
