// A session ends elsewhere while somebody edits: the dialog stands over the page, and what was done is there after it.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

const editor = `/${given.org}/${given.project}/flags/${given.flag}/development`;
const settings = `/${given.org}/${given.project}/environments/development/settings`;

async function signInAgain(page) {
  const dialog = page.getByRole("dialog", { name: "You are signed out" });
  await dialog.waitFor();
  await dialog.getByLabel("E-mail").fill(given.email);
  await dialog.getByLabel("Password", { exact: true }).fill(given.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

await inBrowser(
  async (page, open) => {
    await signIn(page, editor);
    await page.getByText("The flag is on").click();
    await page.getByText("1 change").waitFor();
    const form = await page.context().newPage();
    await form.goto(page.url().replace(editor, settings));
    await form.getByLabel("Description").fill("half a thought");

    // Only from the save: what the page asks when its stream ends waits until then.
    const { promise: isToLearn, resolve: learns } = Promise.withResolvers();
    await form.route(/\/auth\/me$/, (route) => isToLearn.then(() => route.continue()));

    const other = await open();
    await signIn(other, "/-/me/sessions");
    await other.getByRole("button", { name: "End all other sessions" }).click();
    await other.getByText(/sessions? ha(s|ve) been ended/).waitFor();

    // A save that meets the end of the session says so, and keeps what was typed.
    const save = form.getByRole("button", { name: "Save" }).first();
    await save.click();
    learns();
    await signInAgain(form);
    assert.equal(await form.getByLabel("Description").inputValue(), "half a thought");
    await save.click();
    await form.getByText("development has been saved.").waitFor();

    await signInAgain(page);
    await page.getByText("1 change").waitFor();
    await page.keyboard.press("Control+s");
    const sheet = page.getByRole("dialog", { name: `Publish ${given.flag} in development` });
    await sheet.getByRole("button", { name: /Publish to development/ }).waitFor();
    await page.keyboard.press("Control+Enter");
    await sheet.waitFor({ state: "detached" });
    await page.getByText(`${given.flag} in development is version`).waitFor();
  },
  { allowed: ["401 "] },
);
