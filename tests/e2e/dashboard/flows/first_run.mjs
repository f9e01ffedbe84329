import { assert, given, inBrowser, to } from "./flow.mjs";

await inBrowser(
  async (page) => {
    await page.goto(to(`/-/setup#${given.token}`));
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByRole("button", { name: "Set the password and sign in" }).click();
    await page.locator('input[aria-invalid="true"]').waitFor();
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "short"); // what was typed is still there
    await page.getByLabel("Password", { exact: true }).fill(given.password);
    await page.getByRole("button", { name: "Set the password and sign in" }).click();

    await page.getByLabel("Name").fill("Größe des Ladens");
    assert.ok(!page.url().includes(given.token)); // it does not stay in the address
    await page.getByRole("button", { name: "Create project" }).click();
    await page.getByRole("heading", { name: "Create the first flag" }).waitFor();
    await page.getByLabel("Name").fill("New checkout");
    await page.getByText("new-checkout", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Create flag" }).click();

    await page.getByRole("button", { name: "Make a server key for development" }).click();
    await page.getByText(/fan_srv_/).waitFor();
    await page.getByText("Waiting for the first evaluation").waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("row", { name: /new-checkout/ }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/ui/${given.org}/groesse-des-ladens/flags`);
    assert.ok(!(await page.content()).includes("fan_srv_")); // no secret stays in the document
  },
  { allowed: ["400 /auth/setup", "422 /auth/setup"] },
);
