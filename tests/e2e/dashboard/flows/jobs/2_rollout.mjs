// From 5 % to 25 %: the flag, the share, the review with who moves, and publishing.
const moves = /Everyone else: Moves 20\.000 %: off → on\. Nobody loses on\./;

export default {
  clicks: 4,
  seconds: 9,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("link", { name: flag, exact: true }));
    await click(page.getByRole("link", { name: "Change 5 %" }));
    await page.locator("#step-else input:focus").waitFor();
    await page.keyboard.type("25");
    await click(page.getByRole("button", { name: /^Review/ }));
    await page.getByRole("dialog").getByText(moves).waitFor();
    await click(page.getByRole("dialog").getByRole("button", { name: /^Publish to/ }));
    await page.getByText(`${flag} in development is version`).waitFor();
  },
  async keys({ page, press, type, flag }) {
    await press("Control+k");
    await type(flag);
    await page.getByRole("option", { name: new RegExp(`^${flag}`) }).first().waitFor();
    await press("Enter");
    await page.getByRole("link", { name: "Change 5 %" }).waitFor();
    await press("%");
    await page.locator("#step-else input:focus").waitFor();
    await type("25");
    await press("Control+s");
    await page.getByRole("dialog").getByText(moves).waitFor();
    await press("Control+Enter");
    await page.getByText(`${flag} in development is version`).waitFor();
  },
};
