// Selected flags are promoted from the list: at once into an unprotected environment, with Undo; by a review into a protected one. What is
// the same in both is said.
import { given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  const dialog = page.getByRole("dialog");
  const bar = page.getByRole("region", { name: `${given.count} selected` });
  const choose = async (side, env) => {
    await dialog.getByRole("button", { name: new RegExp(`${side}$`) }).click();
    await page.getByRole("option", { name: new RegExp(env, "i") }).click();
  };
  await signIn(page, `/${given.org}/${given.project}/flags?q=${given.word}`);
  await page.getByRole("row").nth(given.count).waitFor();
  await page.keyboard.press("Shift+X");
  await bar.waitFor();
  await page.keyboard.press("p");
  await dialog.getByRole("heading", { name: `Promote ${given.count} flags` }).waitFor();
  await dialog.getByText("None of the selected flags differs between staging and production.").waitFor();
  await choose("From", "development");
  await choose("To", "staging");
  await dialog.getByText(`${given.count} of ${given.count} flags differ.`).waitFor();
  await dialog.getByRole("button", { name: `Promote ${given.count} to staging` }).click();
  await page.getByText(`${given.count} configurations promoted to staging.`).waitFor();
  await dialog.waitFor({ state: "detached" });

  await page.keyboard.press("Shift+X");
  await bar.waitFor();
  await page.keyboard.press("p");
  await dialog.getByText(`${given.count} of ${given.count} flags differ.`).waitFor();
  await dialog.getByRole("button", { name: `Promote ${given.count} to production` }).click();
  await dialog.getByRole("button", { name: "Publish to production" }).click();
  await page.getByText(`${given.count} configurations promoted to production.`).waitFor();
});
