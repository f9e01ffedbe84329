// A new boolean flag: its name, from which the key follows; then the line of code that asks for it.
const isMade = (page, flag) => page.getByText(new RegExp(`made-${flag}`)).first().waitFor();

export default {
  clicks: 2,
  seconds: 8,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("button", { name: /^New flag/ }).or(page.getByRole("link", { name: /^New flag/ })).first());
    await page.locator("input:focus").waitFor();
    await page.keyboard.insertText(`Made ${flag}`);
    await click(page.getByRole("button", { name: "Create", exact: false }).first());
    await isMade(page, flag);
    await page.getByText(/first evaluation/i).first().waitFor();
  },
  async keys({ page, press, type, flag }) {
    await press("c");
    await page.locator("input:focus").waitFor();
    await type(`Made ${flag}`);
    await press("Enter");
    await isMade(page, flag);
    await page.getByText(/first evaluation/i).first().waitFor();
  },
};
