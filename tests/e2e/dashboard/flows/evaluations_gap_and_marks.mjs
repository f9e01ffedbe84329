import { assert, given, inBrowser, signIn } from "./flow.mjs";

// Hours in which nothing was counted are a gap and not zero; what was published is marked, with who and why.
await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/evaluations?env=development&flag=${given.flag}`);
  await page.getByText(`${given.total.toLocaleString("en")} evaluations`).waitFor();
  await page.getByRole("figure", { name: `Evaluations of ${given.flag} over time` }).locator("canvas").waitFor();
  const marks = page.getByRole("list", { name: "Publications in this time" });
  await marks.getByText(/more for everybody/).waitFor();
  await page.getByRole("button", { name: "All numbers" }).click();
  const table = page.getByRole("region", { name: "All numbers" });
  const rows = await table.locator("tbody tr").allInnerTexts();
  const gap = rows.filter((row) => row.includes("not counted"));
  assert.equal(gap.length, given.hours.gap, rows.join("\n"));
  // One of the two was given in the last of the counted hours, so the other was counted as 0.
  assert.equal(rows.filter((row) => /\t0(\t|$)/.test(row)).length, given.hours.one, rows.join("\n"));
  await page.getByText("Share", { exact: true }).first().click();
  assert.ok(page.url().includes("as=share"), page.url());
  await page.getByText("Reason", { exact: true }).click();
  await page.getByRole("region", { name: "Evaluations", exact: true }).getByText("TARGETING_MATCH").waitFor();
});
