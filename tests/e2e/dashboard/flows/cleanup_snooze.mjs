import { given, inBrowser, signIn, to } from "./flow.mjs";

// A flag is left out of the list for a time with a reason, found among the snoozed, and listed again.
await inBrowser(async (page) => {
  const place = `/${given.org}/${given.project}/cleanup`;
  const row = page.getByRole("row").filter({ hasText: given.flag });
  await signIn(page, place);
  await row.getByRole("checkbox").click();
  await page.getByRole("button", { name: "Snooze", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("90 days", { exact: true }).click();
  await dialog.getByLabel("Comment").fill("until the sale is over");
  await dialog.getByRole("button", { name: "Snooze 1 flag" }).click();
  await page.getByText(/^1 flag is snoozed until \d{4}-\d\d-\d\d\.$/).waitFor();
  await row.waitFor({ state: "detached" });
  await page.goto(to(`${place}?snoozed=1`));
  await row.getByText("until the sale is over").waitFor();
  await row.getByRole("checkbox").click();
  await page.getByRole("button", { name: "End the snooze" }).click();
  await page.getByText("1 flag is listed again.").waitFor();
  await page.getByText("No flag is snoozed").waitFor();
  await page.getByText("To look at", { exact: true }).click();
  await row.waitFor();
});
