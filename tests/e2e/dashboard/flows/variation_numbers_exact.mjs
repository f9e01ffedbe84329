// The definition of a number flag: 1.0 stays 1.0 and 2^63-1 keeps its last digit, through editing, review and another visit. By keys.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

const path = `/${given.org}/${given.project}/flags/${given.flag}/-/definition`;
const valueOf = (page, key) => page.locator(`[data-variation="${key}"]`).getByLabel("Value", { exact: true });

await inBrowser(async (page) => {
  await signIn(page, path);
  await valueOf(page, "one").waitFor();
  assert.equal(await valueOf(page, "one").inputValue(), "1.0");
  assert.equal(await valueOf(page, "most").inputValue(), "9223372036854775807");

  await valueOf(page, "most").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("9223372036854775806");
  await page.keyboard.press("Control+s");
  const sheet = page.getByRole("dialog", { name: `Publish the definition of ${given.flag}` });
  await sheet.getByText("9223372036854775806").first().waitFor();
  assert.equal(await sheet.getByText("9223372036854775808").count(), 0); // what a double makes of both
  await page.keyboard.press("Control+Enter");
  await sheet.waitFor({ state: "detached" });

  // The draft is gone, the number is there.
  await page.reload();
  await valueOf(page, "most").waitFor();
  assert.equal(await valueOf(page, "most").inputValue(), "9223372036854775806");
  assert.equal(await valueOf(page, "one").inputValue(), "1.0");
  assert.ok((await page.title()).startsWith("Definition")); // with a draft it begins with another word

  // A key that is renamed is renamed where it is served; a value that is none is said, and not published.
  const row = page.locator('[data-variation="one"]');
  await row.getByText(/Where it is used: development/).waitFor();
  assert.ok(await row.getByRole("button", { name: "Remove one" }).isDisabled());
  await row.getByLabel("Key", { exact: true }).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("first");
  await page.keyboard.press("Tab");
  await page.locator('[data-variation="first"]').getByText(/Where it is used: development/).waitFor();
  await valueOf(page, "first").focus();
  await page.keyboard.type(",5");
  await page.getByText("This is not a number.").waitFor();
  await page.keyboard.press("Control+s");
  await page.getByText("The value of first cannot be read.").waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await valueOf(page, "first").fill("1.0");
  await page.keyboard.press("Control+s");
  await page.getByRole("dialog").getByText(/The configurations of .*development.* follow/).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
