import { readFileSync } from "node:fs";
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// The address holds the filter; the export has exactly what it selects; the browser finds by itself what was altered.
await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/-/audit`);
  await page.getByText(/The newest \d+ entries follow from each other/).waitFor();
  await page.getByRole("button", { name: "Verify here" }).click();
  await page.getByText(/entries checked here: nothing was altered/).waitFor();

  await page.getByRole("textbox", { name: "Search" }).fill(given.flag);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === given.flag);
  await page.reload();
  assert.equal(await page.getByRole("textbox", { name: "Search" }).inputValue(), given.flag);
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /NDJSON/ }).click();
  const lines = readFileSync(await (await download).path(), "utf8").trim().split("\n").slice(1, -1);
  assert.ok(lines.length > 0);
  for (const line of lines) assert.ok(line.includes(given.flag), line);

  // A change in the body on its way: the hash of its entry no longer fits.
  await page.route("**/audit/export?*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(given.flag, "another-flag") });
  });
  await page.goto(to(`/${given.org}/-/audit?q=${given.flag}`));
  await page.getByRole("button", { name: "Verify here" }).click();
  await page.getByText(/the entry, its previous hash or its hash was changed/).waitFor();
});
