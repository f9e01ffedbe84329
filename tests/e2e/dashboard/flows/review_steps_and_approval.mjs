// A change is made at a time, in steps, or asked for where the environment wants approvals.
import { goToEditor, openEditor, review, typeShare } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  await typeShare(page, "100");
  const sheet = await review(page, given.flag);
  await sheet.getByText("At a time", { exact: true }).click();
  await sheet.getByRole("textbox", { name: "Time" }).fill("2020-01-01 10:00");
  await sheet.getByText("This time has passed.").waitFor();
  await sheet.getByRole("textbox", { name: "Time" }).fill("2099-07-01 09:30");
  await sheet.getByText(/^1 Jul 2099, \d\d:30 UTC$/).waitFor();
  await sheet.getByText("In steps", { exact: true }).click();
  await sheet.getByRole("textbox", { name: "Percent of on before the last step" }).fill("20, 10");
  await sheet.getByText("Each step must be larger").waitFor();
  await sheet.getByRole("textbox", { name: "Percent of on before the last step" }).fill("10, 20");
  await sheet.getByRole("button", { name: "Start the rollout in development" }).click();
  await sheet.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Open the rollout" }).click();
  await page.waitForURL(/\/rollouts\//);

  await goToEditor(page, given.flag, { env: "staging" });
  await page.getByText("The flag is on").click();
  const asking = await review(page, given.flag, "staging");
  await asking.getByText("1 approval of other people is needed in this environment.").waitFor();
  assert.equal(await asking.getByRole("button", { name: /^Publish/ }).count(), 0);
  await page.keyboard.press("Control+Enter");
  await asking.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Open the request" }).click();
  await page.waitForURL(/\/requests\//);
});
