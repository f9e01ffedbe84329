import { given, inBrowser, signIn } from "./flow.mjs";

// An open request against what is saved: who gets another answer, and by which rule.
await inBrowser(async (page) => {
  const contexts = ["targetingKey,country", "ann,DE", "bob,FR"].join("\n");
  const versions = `development:request:${given.request}`;
  const path = `/${given.org}/${given.project}/play?flags=${given.flag}&envs=development&versions=${versions}`;
  await signIn(page, `${path}#${encodeURIComponent(contexts)}`);
  await page.getByText("1 of 2 contexts change.").waitFor();
  await page.getByRole("button", { name: "Development compared with" }).getByText("Request: For Germany").waitFor();
  const cells = page.getByRole("grid", { name: "Results" }).getByRole("button");
  await cells.filter({ hasText: "was off" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("heading", { name: "Request: For Germany" }).waitFor();
  await sheet.getByRole("heading", { name: "As it is" }).waitFor();
  await sheet.getByText("Rule germany").waitFor();
});
