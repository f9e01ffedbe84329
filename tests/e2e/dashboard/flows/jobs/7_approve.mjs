// Review a change request: requests, the one, approve.
const approved = (page) => page.getByText("1 of 1").waitFor();

export default {
  clicks: 3,
  seconds: 10,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("navigation").getByRole("link", { name: "Requests" }));
    await click(page.getByRole("link", { name: `Change ${flag}` }));
    await page.getByText("It still applies").waitFor();
    await click(page.getByRole("button", { name: /^Approve/ }));
    await approved(page);
  },
  async keys({ page, press, flag }) {
    await press("g");
    await press("r");
    await page.locator("a:focus", { hasText: `Change ${flag}` }).waitFor(); // the newest one
    await press("Enter");
    await page.getByText("It still applies").waitFor();
    await press("a");
    await press("Enter");
    await approved(page);
  },
};
