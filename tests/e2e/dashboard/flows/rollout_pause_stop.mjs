import { assert, given, inBrowser, signIn } from "./flow.mjs";

// A rollout under way: where it stands, paused, resumed, stopped with the flag turned off; and what it says after it.
await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/rollouts`);
  await page.getByRole("link", { name: `${given.flag} in development` }).click();
  await page.getByRole("img", { name: /step 1 of 3/ }).waitFor();
  const press = async (name) => {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: new RegExp(`^${name}`) }).click();
  };
  await press("Pause");
  await page.getByText("Paused.").waitFor();
  await press("Resume");
  await page.getByText("Goes on.").waitFor();
  await page.getByRole("button", { name: "Stop and turn off" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: /^Turn off in/ }).click();
  await page.getByRole("heading", { level: 1 }).getByText("Cancelled").waitFor();
  assert.equal(await page.getByRole("button", { name: "Pause" }).count(), 0);
});
