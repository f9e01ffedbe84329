// Job 2: from 5 % to 25 %, by keys alone from the editor on.
import { given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags/${given.flag}/development`);
  await page.getByRole("heading", { name: "Everyone else" }).waitFor();
  await page.keyboard.press("%");
  await page.locator("#step-else input:focus").waitFor();
  await page.keyboard.type("25");
  await page.getByText("Moves 20.000 %: off → on. Nobody loses on.").waitFor();
  await page.keyboard.press("Control+s");
  const sheet = page.getByRole("dialog", { name: `Publish ${given.flag} in development` });
  await sheet.getByText(/Everyone else: Moves 20\.000 %: off → on\. Nobody loses on\./).waitFor();
  await sheet.getByRole("button", { name: /Publish to development/ }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter"); // the same change
  await sheet.waitFor({ state: "detached" });
  await page.getByText(`${given.flag} in development is version`).waitFor();
  await page.locator("section[aria-live]").getByRole("button", { name: "Undo" }).click();
  await page.getByText(`${given.flag} in development is as it was before.`).waitFor();
});
