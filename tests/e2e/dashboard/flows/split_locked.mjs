// Of three shares one is locked: the others give and take among themselves, and what does not fit is said at the field.
import { openEditor } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  const share = (name) => page.locator("#step-else").getByRole("textbox", { name, exact: true });
  await page.locator("#step-else").getByRole("button", { name: "Lock blue" }).click();
  await share("red").fill("60");
  assert.equal(await share("blue").inputValue(), "30");
  assert.equal(await share("green").inputValue(), "10");
  await share("red").fill("80");
  await page.getByText("The locked shares leave less.").waitFor();
  await share("red").fill("12.3456");
  await page.getByText("Write a number from 0 to 100, with at most three decimals.").waitFor();
  await share("red").fill("12.345");
  assert.equal(await share("green").inputValue(), "57.655");
  await page.getByRole("button", { name: "Bucketing" }).click();
  await page.getByText(/everybody is dealt anew: \d+\.\d{3} % are expected to move/).waitFor();
});
