// Contexts of the playground are saved under a name, listed, taken in again and deleted; a name that is taken is refused at its field.
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

const place = `/${given.org}/${given.project}/play?flags=${given.flag}&envs=development`;

await inBrowser(
  async (page) => {
    const menu = async (item) => {
      await page.getByRole("button", { name: "Saved contexts" }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
    };
    const field = page.getByRole("textbox", { name: "Contexts", exact: true });
    const dialog = page.getByRole("dialog", { name: "Save contexts" });
    await signIn(page, `/${given.org}/${given.project}`);
    await page.goto(to(place));
    await field.fill('{"targetingKey":"ann","age":1.0}\n{"targetingKey":"bob"}');
    await page.getByText("2 contexts", { exact: true }).waitFor();
    await menu("Save contexts");
    await dialog.getByLabel("Name").fill("Staff");
    await page.keyboard.press("Enter");
    await page.getByText("2 contexts have been saved.").waitFor();

    await page.goto(to(`/${given.org}/${given.project}/flags`));
    await page.goto(to(place));
    await menu("Staff 1");
    await page.getByText("1 context", { exact: true }).waitFor();
    assert.equal(await field.inputValue(), '{"targetingKey":"ann","age":1.0}');
    await menu("Staff 2");
    await page.getByText("2 contexts", { exact: true }).waitFor();

    await field.fill("carol");
    await page.getByText("1 context", { exact: true }).waitFor();
    await menu("Save contexts");
    await dialog.getByLabel("Name").fill("Staff 2");
    await page.keyboard.press("Enter");
    await dialog.locator('input[aria-invalid="true"]').waitFor();
    assert.equal(await dialog.getByLabel("Name").inputValue(), "Staff 2");
    await dialog.getByRole("button", { name: "Cancel" }).click();

    await menu("Delete saved contexts");
    await page.getByRole("button", { name: "Delete Staff 2" }).click();
    await page.getByRole("button", { name: "Delete Staff 2" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete Staff 1" }).waitFor();
  },
  { allowed: ["409 /contexts"] },
);
