import { act, given, inBrowser, signIn, to } from "./flow.mjs";

// What others do appears without a reload: in the log, told of or followed; among versions, schedules and rollouts.
const project = `/${given.org}/${given.project}`;
await inBrowser(async (page) => {
  const change = (name) => page.getByRole("listitem").filter({ hasText: name });
  await signIn(page, `/${given.org}/-/audit?resource=projects/${given.project}/flags/${given.flag}`);
  await page.getByRole("button", { name: "Show the difference" }).first().waitFor();
  await page.getByRole("button", { name: "You" }).waitFor();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await act("turn_on");
  await page.getByText("1 newer change").waitFor();
  await page.getByRole("button", { name: "Show them" }).click();
  await change("turned on by another").waitFor();
  await page.locator("label", { has: page.getByRole("switch", { name: "Follow" }) }).click();
  await act("turn_off");
  await change("turned off by another").waitFor();

  await page.goto(to(`${project}/environments/development/versions`));
  await page.getByRole("button", { name: "Roll back" }).first().waitFor();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await act("turn_on_again");
  await change("turned on again by another").first().waitFor();

  await page.goto(to(`${project}/schedules`));
  await page.getByText("Nothing is scheduled").waitFor();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await act("schedule");
  await change("By another").waitFor();

  await page.goto(to(`${project}/rollouts`));
  await page.getByText("No rollout is under way").waitFor();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await act("roll_out");
  await page.getByRole("link", { name: `${given.rolled} in development` }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await act("pause");
  await page.getByRole("button", { name: "Resume", exact: true }).waitFor();
});
