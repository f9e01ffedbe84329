// 999 flags are tagged in batches of 200: it is stopped after two, gone on with, refused at the fourth because somebody has changed one of
// its flags, and the flags that are left stay selected and are done by another review.
import { act, assert, given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(
  async (page) => {
    const sent = [];
    let release;
    const held = new Promise((done) => {
      release = done;
    });
    await page.route(/\/bulk$/, async (route) => {
      sent.push(route.request().postDataJSON().changes[0].flags.length);
      if (sent.length === 2) await held;
      await route.continue();
    });
    const dialog = page.getByRole("dialog", { name: "Add tags" });
    const review = async (n) => {
      await page.getByRole("region", { name: `${n} selected` }).getByRole("button", { name: "Add tags" }).click();
      await dialog.getByRole("textbox").first().fill("in-batches");
      await page.keyboard.press("Enter");
      await dialog.getByRole("button", { name: "Review" }).click();
      await dialog.getByRole("button", { name: `Add tags: ${n} flags` }).waitFor();
      await dialog.getByText(`in ${Math.ceil(n / 200)} batches`).waitFor();
      await page.keyboard.press("Control+Enter");
    };
    await signIn(page, `/${given.org}/${given.project}/flags?q=${given.word}`);
    await page.getByText(new RegExp(`^${given.count} of `)).waitFor();
    await page.keyboard.press("Shift+X");
    await review(given.count);

    await dialog.getByText("200 of 999 flags done").waitFor();
    await dialog.getByRole("button", { name: "Stop", exact: true }).click();
    release();
    await dialog.getByText("400 of 999 flags done").waitFor();
    await dialog.getByText("Stopped. What is done stays done.").waitFor();
    assert.deepEqual(sent, [200, 200]);
    await dialog.getByRole("button", { name: "Not done: 599 flags" }).click();
    await dialog.getByText(/many-00401.*many-00999/).waitFor();

    act("change");
    await dialog.getByRole("button", { name: "Go on" }).click();
    await dialog.getByText("600 of 999 flags done").waitFor();
    await dialog.getByText("This batch was refused").waitFor();
    assert.deepEqual(sent, [200, 200, 200, 200]);
    assert.equal(await dialog.getByRole("button", { name: "Go on" }).count(), 0);
    await dialog.getByRole("button", { name: "Close" }).click();

    await page.getByRole("region", { name: "399 selected" }).waitFor();
    await review(399);
    await dialog.getByText("All 399 flags are done.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("region", { name: /selected/ }).waitFor({ state: "detached" });
  },
  { allowed: ["412 /bulk"] },
);
