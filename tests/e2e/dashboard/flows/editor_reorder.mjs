import { given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags/${given.flag}/development`);
  const grip = page.getByRole("button", { name: /^Move rule 3/ });
  await grip.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.getByText("Position 1 of 3.").waitFor({ state: "attached" });
  await page.keyboard.press("Enter"); // c a b
  await page.getByText("Moved").waitFor();
  await page.getByRole("button", { name: "Rule 2: Move" }).click();
  await page.getByRole("menuitem", { name: "To position 3" }).click(); // c b a
  await page.keyboard.press("Control+s");
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: /Publish to development/ }).click();
  await sheet.waitFor({ state: "detached" });
  await page.getByText(`${given.flag} in development is version`).waitFor();
});
