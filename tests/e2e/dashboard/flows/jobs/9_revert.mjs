// What changed in the last 30 minutes? Undo that one.
export default {
  clicks: 4,
  seconds: 12,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("navigation").getByRole("link", { name: "Audit" }));
    const entry = page.getByRole("listitem").filter({ hasText: flag }).first();
    await click(entry.getByRole("button", { name: "Show the difference" }));
    await click(entry.getByRole("button", { name: /^Revert/ }));
    await click(page.getByRole("dialog").getByRole("button", { name: /^Revert in/ }));
    await page.getByText("Reverted.").first().waitFor();
  },
  async keys({ page, press }) {
    await press("g");
    await press("a");
    await page.getByRole("button", { name: "Show the difference" }).first().waitFor();
    await press("j");
    await press("u");
    await page.getByRole("dialog").getByText(/Turns the flag/).waitFor();
    await press("Control+Enter");
    await page.getByText("Reverted.").first().waitFor();
  },
};
