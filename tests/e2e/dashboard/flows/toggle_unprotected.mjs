import { given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags?q=${given.flag}`);
  const [verb, after] = given.undo ? ["Turn off", "off"] : ["Turn on", "on"];
  await page.getByRole("button", { name: `${verb} ${given.flag} in development` }).click();
  await page.getByText(`${given.flag} is ${after} in development.`).waitFor();
  if (!given.undo) return;
  // Undo turns it on again, and the list says so; then off once more, so that the end differs from the beginning.
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: `Turn off ${given.flag} in development` }).click();
  await page.getByRole("button", { name: `Turn on ${given.flag} in development` }).waitFor();
});
