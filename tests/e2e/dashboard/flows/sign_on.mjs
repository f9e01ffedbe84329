// Single sign-on: an owner adds the provider, somebody signs in by it, and who may not is told why.
import { assert, given, inBrowser, isForgotten, openMe, signIn, to } from "./flow.mjs";

const secret = "not-so-secret";

// The provider's own pages ask for a font elsewhere.
await inBrowser(
  async (page, open) => {
    await signIn(page, `/${given.org}/-/sign-in`);
    await page.getByRole("button", { name: "New identity provider" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(`${given.pages}/api/v1/auth/sign-on/callback`).waitFor();
    await dialog.getByLabel("Name").fill("Company login");
    await dialog.getByText("company-login").or(dialog.locator('input[value="company-login"]')).first().waitFor();
    await dialog.getByLabel("Issuer").fill("ftp://login");
    await dialog.getByLabel("Client id").fill("fanion");
    await dialog.getByLabel("Client secret").fill(secret);
    await dialog.getByRole("textbox", { name: "Domains" }).fill("example.com,");
    await dialog.getByRole("button", { name: "Add provider" }).click();
    await dialog.locator('input[aria-invalid="true"]').waitFor();
    await dialog.getByLabel("Issuer").fill(given.issuer);
    await dialog.getByRole("button", { name: "Add provider" }).click();
    await page.getByRole("heading", { name: "Company login", level: 1 }).waitFor();
    await isForgotten(page, secret);
    await page.getByText("Who is unknown becomes a member").click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Company login has been saved.").waitFor();
    const address = (await page.getByText(/\/-\/signin\?org=/).textContent()).trim();

    const other = await open();
    await other.goto(`${address}&to=${encodeURIComponent(`/${given.org}/${given.project}/flags`)}`);
    await other.getByRole("button", { name: "Continue" }).click();
    await other.locator('input[name="login"]').fill("ada");
    await other.locator('input[name="password"]').fill("any");
    await other.locator('button[type="submit"]').click();
    await other.locator('button[type="submit"]').click(); // consent
    await other.getByRole("heading", { name: "Flags" }).waitFor();
    assert.equal(new URL(other.url()).pathname, `/ui/${given.org}/${given.project}/flags`);
    await openMe(other);
    await other.getByText("Signed in as ada@example.com").waitFor();

    await page.goto(to(`/${given.org}/-/members?q=ada`));
    await page.getByRole("link", { name: /Ada|ada@example\.com/ }).waitFor();

    // Switched off, it ends the sessions that it has started.
    await page.goto(to(`/${given.org}/-/sign-in/company-login`));
    await page.getByText("Members can sign in by it").click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Company login has been saved.").waitFor();
    await other.getByRole("dialog", { name: "You are signed out" }).waitFor();
  },
  { also: [given.issuer, "https://fonts.googleapis.com/"], allowed: ["401 ", "422 /identity-providers", "400 /identity-providers"] },
);
