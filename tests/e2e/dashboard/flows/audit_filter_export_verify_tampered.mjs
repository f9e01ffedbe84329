import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// The address holds the filter; the export has exactly what it selects; the browser finds by itself what was altered, and where.
const log = `/${given.org}/-/audit`;

async function exported(page) {
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /NDJSON/ }).click();
  const chunks = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function check(page, text) {
  await page.getByLabel("An export").setInputFiles({ name: "log.ndjson", mimeType: "application/x-ndjson", buffer: Buffer.from(text) });
}

await inBrowser(async (page) => {
  await signIn(page, log);
  await page.getByText(/The newest \d+ entries follow from each other/).waitFor();
  await page.getByRole("button", { name: "Verify here" }).click();
  await page.getByText(/entries checked here: nothing was altered/).waitFor();
  const whole = await exported(page);

  await page.getByRole("textbox", { name: "Search" }).fill(given.flag);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === given.flag);
  await page.reload();
  assert.equal(await page.getByRole("textbox", { name: "Search" }).inputValue(), given.flag);
  const lines = (await exported(page)).trim().split("\n").slice(1, -1);
  assert.ok(lines.length > 0);
  for (const line of lines) assert.ok(line.includes(given.flag), line);

  // A file of before, as it was; then with one letter of its third entry changed, and with its fourth left out.
  await page.goto(to(log));
  await page.getByRole("button", { name: "Check a file, or without this page" }).click();
  await check(page, whole);
  await page.getByText(/entries checked here: nothing was altered.*/).waitFor();
  const entries = whole.split("\n");
  const altered = entries.with(3, entries[3].replace('"action":"', '"action":"x'));
  await check(page, altered.join("\n"));
  await page.getByText("1 fault, the first in line 4, entry 3").waitFor();
  await page.getByText("line 4, entry 3: the entry, its previous hash or its hash was changed").waitFor();
  await check(page, entries.toSpliced(4, 1).join("\n"));
  await page.getByText("line 5, entry 5: entry 4 is missing before this one").waitFor();

  // The same on its way from the control plane: one more letter in the body of a response.
  await page.route("**/audit/export?*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(`flags/${given.flag}`, "flags/another") });
  });
  await page.goto(to(`${log}?q=${given.flag}`));
  await page.getByRole("button", { name: "Verify here" }).click();
  await page.getByText(/the entry, its previous hash or its hash was changed/).waitFor();
});
