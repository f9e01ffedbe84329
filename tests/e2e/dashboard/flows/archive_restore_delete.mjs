// A flag is archived, restored and deleted on its definition; the key is typed, and who would still ask is said before. By keys.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

// The stream of changes may tell of the deletion before its answer is there: then the page that is left asks once more.
const allowed = ["", "/uses", "/evaluations", "/environments/development", "/environments/staging", "/environments/production"].map(
  (part) => `404 /flags/${given.flag}${part}`,
);
const project = `/${given.org}/${given.project}`;

await inBrowser(async (page) => {
  await signIn(page, `${project}/flags/${given.flag}/-/definition`);
  for (const [verb, after] of [
    ["Archive flag", "Restore flag"],
    ["Restore flag", "Archive flag"],
  ]) {
    await page.getByRole("button", { name: verb }).focus();
    await page.keyboard.press("Enter");
    const sheet = page.getByRole("dialog");
    await sheet.waitFor();
    if (verb === "Archive flag") await sheet.getByText("Who changes").waitFor();
    await page.keyboard.press("Control+Enter");
    await sheet.waitFor({ state: "detached" });
    await page.getByRole("button", { name: after }).waitFor();
  }
  await page.getByRole("button", { name: "Delete flag" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("alertdialog");
  const confirm = dialog.getByRole("button", { name: "Delete flag" });
  await dialog.getByRole("textbox").waitFor();
  assert.ok(await confirm.isDisabled());
  await page.keyboard.type(given.flag);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${project}/flags`);
  await page.getByText(`${given.flag} is deleted.`).waitFor();
  await page.getByRole("row", { name: new RegExp(`${given.flag}\\b`) }).waitFor({ state: "detached" });
}, { allowed });
