// A flag of each type by the form, without a pointer; what was typed is what the API then has, numbers by their spelling.
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

const project = `/${given.org}/${given.project}`;
const values = {
  boolean: [],
  string: [
    ["greeting", "Grüß Gott {}"],
    ["empty", ""],
  ],
  number: [
    ["one", "1.0"],
    ["most", "9223372036854775807"],
  ],
  json: [["limits", '{"a": 1.0}']],
};

await inBrowser(
  async (page) => {
    await signIn(page, `${project}/flags`);
    for (const [type, rows] of Object.entries(values)) {
      await page.goto(to(`${project}/flags/-/new?name=${encodeURIComponent(`Of type ${type}`)}&type=${type}`));
      await page.locator('input[value="of-type-' + type + '"]').waitFor();
      if (type === "json") await page.locator(".cm-content").nth(1).waitFor(); // its code is loaded with the first one
      for (const [i, [key, text]] of rows.entries()) {
        await page.getByRole("group", { name: "Variations" }).getByLabel("Key", { exact: true }).nth(i).focus();
        await page.keyboard.type(key);
        await page.keyboard.press("Tab");
        if (text !== "") await page.keyboard.insertText(text);
      }
      // What is left of the two rows that a flag begins with is not sent.
      await page.getByLabel("Name", { exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: `of-type-${type} is there, off everywhere` }).waitFor();
      await page.getByRole("button", { name: "Open the flag" }).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(`**${project}/flags/of-type-${type}`);
    }
    // A key that is taken is refused at its field, and what was typed stays.
    await page.goto(to(`${project}/flags/-/new?name=Another&key=of-type-json`));
    await page.getByRole("button", { name: "Create flag" }).click();
    await page.getByLabel("Key", { exact: true }).and(page.locator('[aria-invalid="true"]')).waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Another");
  },
  { allowed: ["409 /flags"] },
);
