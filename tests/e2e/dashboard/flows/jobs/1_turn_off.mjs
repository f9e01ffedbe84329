// Turn a flag off in production: the state in the row, and the dialog.
export default {
  clicks: 2,
  seconds: 4,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("button", { name: `Turn off ${flag} in production` }));
    await click(page.getByRole("alertdialog").getByRole("button", { name: "Turn off in production" }));
    await page.getByRole("button", { name: `Turn on ${flag} in production` }).waitFor();
  },
  async keys({ page, press, type, flag }) {
    await press("Control+k");
    await type(`off ${flag}`);
    await page.getByRole("option", { name: new RegExp(`Turn off ${flag} in production`) }).waitFor();
    await press("Enter");
    await page.locator("button:focus", { hasText: "Turn off in production" }).waitFor();
    await press("Enter");
    await page.getByRole("button", { name: `Turn on ${flag} in production` }).waitFor();
  },
};
