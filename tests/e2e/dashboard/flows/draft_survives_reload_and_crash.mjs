// A draft is kept on the machine: it survives a reload, and a page that crashes, and is undone step by step.
import { goToEditor, openEditor } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  const isOn = (on) => on.getByRole("switch", { name: "The flag is on" });
  await page.getByText("The flag is on").click();
  await page.getByText("1 change", { exact: true }).waitFor();
  const wanted = await isOn(page).isChecked();
  await page.getByRole("button", { name: "Name somebody" }).click();
  await page.getByRole("button", { name: "Name somebody" }).click();
  await page.getByRole("textbox", { name: /targetingKey that get on/ }).fill("ann, bob,");
  await page.getByText("2 changes").waitFor();

  await page.reload();
  await page.getByText("2 changes").waitFor();
  assert.equal(await isOn(page).isChecked(), wanted);
  await page.getByText("ann", { exact: true }).waitFor();

  // A tab whose process is gone; another one of the same browser has the draft.
  const other = await page.context().newPage();
  const crashed = page.waitForEvent("crash");
  await page.goto("chrome://crash").catch(() => undefined);
  await crashed;
  await goToEditor(other, given.flag);
  await other.getByText("2 changes").waitFor();
  await other.keyboard.press("Control+z");
  await other.getByText("1 change", { exact: true }).waitFor();
  await other.keyboard.press("Control+z");
  await other.getByText("1 change", { exact: true }).waitFor({ state: "detached" });
  assert.equal(await isOn(other).isChecked(), !wanted);
});
