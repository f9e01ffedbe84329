import { assert, given, inBrowser, signIn } from "./flow.mjs";

// Job 7: whoever is asked reads and approves by keys. What they approved is not what it comes to after the base has moved.
await inBrowser(async (page) => {
  const { email } = given;
  await signIn(page, `/${given.org}`, { email });
  await page.getByRole("heading", { level: 1 }).waitFor();
  if (given.step === "approve") {
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.getByRole("link", { name: given.title }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "A");
    await page.keyboard.press("Enter");
    await page.getByText("It still applies").waitFor();
    await page.getByRole("button", { name: /^Approve/ }).waitFor();
    await page.keyboard.press("a");
    await page.keyboard.press("Enter");
    await page.getByText("1 of 1").waitFor();
    return;
  }
  await page.goto(`${given.pages}/ui/${given.org}/${given.project}/requests/${given.request}?env=staging`);
  if (given.step === "moved") {
    await page.getByText("It comes to something else now").waitFor();
    await page.getByText("0 of 1").waitFor();
    await page.getByText(/change of the same since it was asked for/).waitFor();
    assert.equal(await page.getByRole("button", { name: "Apply now" }).count(), 0);
    await page.getByRole("button", { name: "Bypass approval" }).click();
    const dialog = page.getByRole("alertdialog");
    assert.equal(await dialog.getByRole("button", { name: /^Apply to/ }).isDisabled(), true);
    await dialog.getByLabel("Reason").fill("payments are down");
    await dialog.getByRole("button", { name: /^Apply to/ }).click();
    await page.getByText(/Applied by/).waitFor();
  } else {
    // The author: no way to approve, and the words why.
    await page.getByText("It is your own request. Others approve it.").waitFor();
    assert.equal(await page.getByRole("button", { name: /^Approve/ }).count(), 0);
  }
});
