import { given, inBrowser, signIn } from "./flow.mjs";

// What is held: how far it has come, and what taking it back or sending it on does, said before it is done.
await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/environments/production/propagation`);
  await page.getByText("1 of 1 canary has it").waitFor();
  await page.getByText("1 of 2 relays have it").waitFor();
  const plain = page.getByRole("row").filter({ hasText: "plain" });
  await plain.getByText("Held back").waitFor();
  await page.getByText(/^Withdrawn at \d\d:\d\d/).waitFor();
  if (given.step === "withdraw") {
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText(given.flag, { exact: true }).waitFor(); // what is put back
    await dialog.getByLabel("Comment").fill("not yet");
    await dialog.getByRole("button", { name: "Withdraw the version" }).click();
    await page.getByText(/^Version \d+ has been withdrawn\.$/).waitFor();
  } else {
    await page.getByRole("button", { name: "Release to all relays" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText("1 relay gets it within about a second.").waitFor();
    await dialog.getByLabel("Comment").fill("the canary looks well");
    await dialog.getByRole("button", { name: "Release to all relays" }).click();
    await page.getByText(/^Version \d+ goes to all relays\.$/).waitFor();
  }
  await page.getByText("2 of 2 relays have it").waitFor();
  await page.getByText("All relays have it.").waitFor();
});
