import { assert, given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags/${given.flag}/development`);
  const isOn = page.getByRole("switch", { name: "The flag is on" });
  await page.getByText("The flag is on").click();
  await page.getByText("1 change").waitFor();
  const wanted = await isOn.isChecked();
  await page.getByText("Name somebody").click();
  await page.getByRole("button", { name: "Name somebody" }).click();
  await page.getByRole("textbox", { name: /targetingKey that get on/ }).fill("ann, bob,");
  await page.getByText("2 changes").waitFor();

  await page.reload();
  await page.getByText("2 changes").waitFor();
  assert.equal(await isOn.isChecked(), wanted);
  await page.getByText("ann", { exact: true }).waitFor();
  await page.keyboard.press("Control+z");
  await page.getByText("1 change", { exact: true }).waitFor();
  await page.keyboard.press("Control+z");
  await page.getByText("1 change", { exact: true }).waitFor({ state: "detached" });
  assert.equal(await isOn.isChecked(), !wanted);
});
