// A webhook from its making to its end: the secret once, a test that fails, the answer that is shown, sending again.
import { assert, given, inBrowser, isForgotten, signIn, takeSecret, to } from "./flow.mjs";

await inBrowser(
  async (page) => {
    await signIn(page, `/${given.org}/-/webhooks`);
    await page.getByRole("button", { name: "New webhook" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Deployments");
    await dialog.getByLabel("URL").fill("ftp://nowhere");
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    await dialog.locator('input[aria-invalid="true"]').waitFor();
    assert.equal(await dialog.getByLabel("URL").inputValue(), "ftp://nowhere");
    await dialog.getByLabel("URL").fill(given.receiver);
    await dialog.getByRole("textbox", { name: "Events" }).fill("flag.*,");
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    const secret = await takeSecret(page, /whsec_[\w+/=]{20}/);
    console.log(JSON.stringify({ secret }));
    await page.getByRole("heading", { name: "Deployments", level: 1 }).waitFor();
    await isForgotten(page, secret.slice(12));

    // The receiver answers its first message with 500.
    await page.getByRole("button", { name: "Send a test message" }).click();
    const sheet = page.getByRole("dialog", { name: "Delivery of webhook.test" });
    await sheet.getByText("Will be repeated").waitFor();
    await sheet.getByText(given.answer, { exact: true }).waitFor();
    await sheet.getByText("HTTP 500").waitFor();
    const address = page.url();
    await page.goto(address); // which opens the same
    await sheet.getByRole("button", { name: "Send again" }).click();
    await sheet.getByText("Delivered").waitFor();
    await sheet.getByText("HTTP 204").waitFor();
    await sheet.getByRole("button", { name: "Close" }).click();
    await page.getByRole("row", { name: /webhook\.test Delivered/ }).waitFor();

    await page.goto(to(`${new URL(address).pathname.replace(/^\/ui/, "")}?state=dead`));
    await page.getByRole("button", { name: "Remove Given up" }).click();
    await page.getByRole("row", { name: /webhook\.test/ }).waitFor();
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("Disabled", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByText("Enabled", { exact: true }).waitFor();

    await page.getByRole("button", { name: "New secret" }).click();
    await dialog.getByRole("button", { name: "Make a new secret" }).click();
    const second = await takeSecret(page, /whsec_[\w+/=]{20}/);
    assert.notEqual(second, secret);
    await page.getByText(/Both secrets sign until/).waitFor();
    await page.getByRole("button", { name: "Delete webhook" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete webhook" }).click();
    await page.getByRole("heading", { name: "There are no webhooks yet" }).waitFor();
    await isForgotten(page, second.slice(12));
  },
  { allowed: ["400 /webhooks", "404 "] }, // what is deleted may be asked for once more, when the stream tells of it first,
);
