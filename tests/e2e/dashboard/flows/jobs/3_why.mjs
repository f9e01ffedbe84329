// Why does alice get off? The flag, Try it, the key: the answer and the step that decides.
export default {
  clicks: 2,
  seconds: 5,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("link", { name: flag, exact: true }));
    await click(page.getByRole("region", { name: "development" }).getByRole("link", { name: "Try it" }));
    await page.locator("textarea:focus").waitFor();
    await page.keyboard.insertText("alice");
    await page.getByRole("status").filter({ hasText: "Gets off" }).waitFor();
  },
  async keys({ page, press, type, flag }) {
    await press("Control+k");
    await type(`why ${flag} alice`);
    await page.getByRole("option", { name: new RegExp(flag) }).first().waitFor();
    await press("Enter");
    await page.getByRole("status").filter({ hasText: "Gets off" }).waitFor();
    await page.getByText("Everyone else").waitFor();
  },
};
