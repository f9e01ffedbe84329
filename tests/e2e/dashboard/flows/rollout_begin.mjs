import { assert, given, inBrowser, signIn } from "./flow.mjs";

// A plan is typed; what the control plane refuses stands at its field; what it takes is said step by step, and begins.
await inBrowser(
  async (page) => {
    await signIn(page, `/${given.org}/${given.project}/rollouts`);
    await page.getByRole("button", { name: "New rollout" }).click();
    await page.getByRole("combobox", { name: "Flag" }).fill(given.flag);
    await page.getByRole("option", { name: new RegExp(given.flag) }).click();
    await page.getByRole("button", { name: /Environment/ }).click();
    await page.getByRole("option", { name: /Development/ }).click();
    const over = page.getByRole("textbox", { name: "Over", exact: true });
    const share = page.getByLabel("Share of step 2");
    await share.fill("0.5");
    await page.getByRole("button", { name: "Watch evaluations" }).click();
    await over.fill("soon");
    await page.getByRole("button", { name: "Review" }).click();
    await over.and(page.locator("[aria-invalid=true]")).waitFor();
    assert.equal(await share.inputValue(), "0.5");
    await over.fill("10m");
    await page.getByRole("button", { name: "Review" }).click();
    await share.and(page.locator("[aria-invalid=true]")).waitFor();
    await share.fill("5");
    await page.getByRole("button", { name: "Review" }).click();
    const review = page.getByRole("dialog");
    await review.getByText(/to 5 %, for at least 1h/).waitFor();
    await review.getByRole("button", { name: /^Start in development/ }).click();
    await page.getByRole("img", { name: /step 1 of 4/ }).waitFor();
    await page.getByText(/Share of evaluations with the reason ERROR above 1 % over 10m/).waitFor();
  },
  { allowed: ["400 /rollouts"] },
);
