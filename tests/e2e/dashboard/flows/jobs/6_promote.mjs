// Staging's configuration into production: Promote, read, publish.
export default {
  clicks: 3,
  seconds: 7,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("link", { name: flag, exact: true }));
    await click(page.getByRole("region", { name: "staging" }).getByRole("link", { name: /^Promote/ }));
    await page.getByRole("dialog").getByText("/fallthrough").waitFor();
    await click(page.getByRole("dialog").getByRole("button", { name: "Publish to production" }));
    await page.getByText("1 configuration promoted to production.").waitFor();
  },
  async keys({ page, press, type, flag }) {
    await press("Control+k");
    await type(`promote ${flag}`);
    await page.getByRole("option", { name: new RegExp(`Promote ${flag}`) }).waitFor();
    await press("Enter");
    await page.getByRole("dialog").getByText("/fallthrough").waitFor();
    await press("Control+Enter");
    await page.getByText("1 configuration promoted to production.").waitFor();
  },
};
