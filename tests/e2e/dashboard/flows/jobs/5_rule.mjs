// A rule: DE and AT, app 2.1 or later, not staff.
const text = 'country in ["DE", "AT"] and /app/version >= version "2.1" and not segment "staff"';
const field = "[aria-label='Rule 1: Condition']:focus";

export default {
  clicks: 5,
  seconds: 25,
  async pointer({ page, click, flag }) {
    await click(page.getByRole("link", { name: flag, exact: true }));
    await click(page.getByRole("region", { name: "development" }).getByRole("link", { name: "Add a rule" }));
    await page.locator(field).waitFor();
    await page.keyboard.insertText(text);
    await click(page.locator("[data-rule]").getByText("on", { exact: true }));
    await click(page.getByRole("button", { name: /^Review/ }));
    await page.getByRole("dialog").getByText(/Adds rule 1/).waitFor();
    await click(page.getByRole("dialog").getByRole("button", { name: /^Publish to/ }));
    await page.getByText(`${flag} in development is version`).waitFor();
  },
  async keys({ page, press, type, flag }) {
    await press("Control+k");
    await type(flag);
    await page.getByRole("option", { name: new RegExp(`^${flag}`) }).first().waitFor();
    await press("Enter");
    await page.getByRole("link", { name: "Add a rule" }).first().waitFor();
    await press("r");
    await page.locator(field).waitFor();
    await type(text);
    await press("Tab");
    await type("on");
    await press("Control+s");
    await page.getByRole("dialog").getByText(/Adds rule 1/).waitFor();
    await press("Control+Enter");
    await page.getByText(`${flag} in development is version`).waitFor();
  },
};
