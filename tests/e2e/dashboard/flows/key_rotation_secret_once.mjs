import { assert, given, inBrowser, isForgotten, signIn, takeSecret, to } from "./flow.mjs";

const isGone = (page, secret) => isForgotten(page, secret.slice(20));
const shown = (page) => takeSecret(page, /fan_srv_\w{20}/);

await inBrowser(
  async (page) => {
    await signIn(page, `/${given.org}/${given.project}/environments/development/keys`);
    const create = page.getByRole("button", { name: "New key" });
    await create.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("x".repeat(201));
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    await dialog.locator('input[aria-invalid="true"]').waitFor(); // the problem stands at its field, and what was typed stays
    assert.equal((await dialog.getByLabel("Name").inputValue()).length, 201);
    await dialog.getByLabel("Name").fill("checkout");
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    const first = await shown(page);
    await dialog.waitFor({ state: "detached" });
    await isGone(page, first);

    const line = page.getByRole("listitem").filter({ hasText: "checkout" });
    await line.getByRole("button", { name: "Rotate" }).click();
    await dialog.getByRole("button", { name: "Make the new one" }).click();
    const second = await shown(page);
    assert.notEqual(second, first);
    await dialog.getByText("The old one has not been used since the new one was made.").waitFor();
    await isGone(page, second);

    // It can be left, and is found again by its address.
    const address = page.url();
    await dialog.getByRole("button", { name: "Later" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Being replaced").waitFor();
    await page.goto(address);
    await dialog.getByRole("button", { name: "Revoke the old one" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Revoked and expired (1)" }).waitFor();
    assert.equal(await page.getByText("Being replaced").count(), 0);
    await isGone(page, second);
    await page.goto(to("/-/about"));
    await isGone(page, first);
  },
  { allowed: ["400 /keys"] },
);
