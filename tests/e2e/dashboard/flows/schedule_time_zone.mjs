import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// A time is written in the person's zone, in the browser's and in UTC, and stands on the day of the person's calendar.
await inBrowser(
  async (page) => {
    await signIn(page, `/${given.org}/${given.project}/schedules`);
    await page.getByText("UTC", { exact: false }).first().waitFor();
    await page.getByText(/Pacific\/Auckland \(\+13:00\)/).waitFor();
    await page.goto(to(`/${given.org}/${given.project}/schedules?as=calendar&month=${given.month}`));
    const day = page.getByRole("cell").filter({ has: page.locator(`time[datetime="${given.day}"]`) });
    await day.getByText(given.title).waitFor();
    await page.goto(to(`/${given.org}/${given.project}/schedules`));
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await page.getByRole("button", { name: "Cancel it" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel it" }).click();
    await page.getByText("Nothing is scheduled").waitFor();
    assert.equal(await page.getByRole("button", { name: "Cancel it" }).count(), 0);
  },
  { timezoneId: "Pacific/Auckland" },
);
