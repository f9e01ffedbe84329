// Is my change everywhere? The receipt counts up by itself; all relays are two keys away.
export default {
  clicks: 0,
  seconds: 2,
  async pointer({ page, flag }) {
    await page.goto(page.url().replace(/\/flags.*$/, `/flags/${flag}/development?step=else&edit=1`));
    await page.locator("#step-else input:focus").waitFor();
    await page.keyboard.type("30");
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog").getByRole("button", { name: /^Publish to/ }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText(/^\d+ relays? ha(s|ve) it$/).waitFor(); // nothing is pressed for it
  },
  async keys({ page, press }) {
    await press("g");
    await press("p");
    await page.getByRole("heading", { level: 1, name: "Relays" }).waitFor();
    await page.getByRole("row").nth(1).waitFor();
  },
};
