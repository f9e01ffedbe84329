// Archive 20 flags that are done with: select all that are shown, archive, confirm.
const done = (page) => page.getByText(/(has|have) been archived/).first().waitFor();

export default {
  clicks: 4,
  seconds: 15,
  async pointer({ page, click }) {
    await click(page.getByRole("navigation").getByRole("link", { name: "Cleanup" }));
    await page.getByRole("row").nth(1).waitFor();
    await click(page.getByRole("checkbox", { name: "Select all" }));
    await click(page.getByRole("button", { name: /^Archive/ }).first());
    await click(page.getByRole("dialog").getByRole("button", { name: /^Archive \d+ flags?/ }));
    await done(page);
  },
  async keys({ page, press }) {
    await press("g");
    await press("c");
    await page.getByRole("row").nth(1).waitFor();
    await press("Shift+X");
    await press("e");
    await page.getByRole("dialog").getByRole("button", { name: /^Archive \d+ flags?/ }).waitFor();
    await press("Control+Enter");
    await done(page);
  },
};
