import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

await inBrowser(
  async (page, open) => {
    // A wrong password says nothing about the account, and what was typed stays.
    await page.goto(to("/-/signin?to=/-/me/sessions"));
    await page.getByLabel("E-mail").fill(given.email);
    await page.getByLabel("Password", { exact: true }).fill("not the password at all");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByLabel("E-mail").inputValue(), given.email);
    await page.getByLabel("Password", { exact: true }).fill(given.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Sessions" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/ui/-/me/sessions");

    // No script sees a credential.
    const seen = await page.evaluate(() => `${document.cookie} ${JSON.stringify(localStorage)} ${JSON.stringify(sessionStorage)}`);
    assert.ok(!/fanion=|eyJ|fan_/.test(seen), seen);

    const other = await open();
    await signIn(other, `/${given.org}/${given.project}/flags?q=something`);
    await other.getByLabel("Filter flags").waitFor();

    await other.getByLabel("Filter flags").fill("half a thought");
    await page.reload();
    await page.getByRole("button", { name: "End all other sessions" }).click();
    await page.getByText(/sessions? ha(s|ve) been ended/).waitFor();

    // The other page says so by itself, over what is there; signing in again goes on with it.
    const dialog = other.getByRole("dialog", { name: "You are signed out" });
    await dialog.waitFor();
    await dialog.getByLabel("E-mail").fill(given.email);
    await dialog.getByLabel("Password", { exact: true }).fill(given.password);
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal(await other.getByLabel("Filter flags").inputValue(), "half a thought");

    await other.getByRole("button", { name: "You" }).click();
    await other.getByRole("menuitem", { name: "Sign out" }).click();
    await other.getByLabel("E-mail").waitFor();
    await other.goto(to(`/${given.org}`));
    await other.getByLabel("E-mail").waitFor();
  },
  { allowed: ["401 /auth/session", "401 /auth/me", "401 /events", "401 /flag-index", "401 /views", "401 /environments", "401 /projects"] },
);
