import { given, inBrowser, signIn } from "./flow.mjs";

// The receipt counts up by itself: nobody presses anything.
await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/environments/development/propagation`);
  await page.getByText(/^\d+ of \d+ relays? ha(s|ve) it$/).waitFor();
  await page.getByText("All relays have it.").waitFor();
  await page.getByRole("link", { name: given.relay }).click();
  await page.getByRole("heading", { name: given.relay }).waitFor();
  await page.getByText("Accepted = delivered + queued + dropped, since").waitFor();
});
