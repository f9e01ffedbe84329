import { given, inBrowser, signIn } from "./flow.mjs";

// All flags that nobody asked for, archived by keys in one review.
await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/cleanup?reason=never`);
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("Shift+X");
  await page.keyboard.press("e");
  const archive = page.getByRole("button", { name: /^Archive \d+ flags?/ });
  await archive.waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText(/(has|have) been archived/).waitFor();
  await page.getByText(/^(No flag looks done with|Nothing matches)$/).waitFor();
});
