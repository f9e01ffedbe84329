import { given, inBrowser, signIn, to } from "./flow.mjs";

await inBrowser(
  async (page) => {
    await signIn(page, `/${given.org}/${given.project}/flags`, { email: given.member, password: given.password });
    const told = page.getByRole("heading", { name: "A second factor is required here" });
    await told.waitFor();
    await page.goto(to(`/${given.org}/-/members`));
    await told.waitFor();
    await page.getByRole("link", { name: "Set up a second factor" }).click();
    await page.getByRole("button", { name: "Set up a second factor" }).waitFor();
  },
  { allowed: ["403 "] },
);
