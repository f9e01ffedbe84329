import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// What alice gets now, and what she got before somebody turned the flag on; nothing of her is sent.
await inBrowser(async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""}`));
  const why = `/${given.org}/${given.project}/flags/${given.flag}/development/why`;
  await signIn(page, why);
  await page.getByLabel("Contexts").fill("alice-of-the-flow");
  const answer = page.getByRole("status").filter({ hasText: "gets" });
  await answer.getByText("on", { exact: true }).first().waitFor();
  await page.goto(to(`${why}?time=${given.before}#alice-of-the-flow`));
  await page.getByText(/the newest at that time/).waitFor();
  await answer.getByText("off", { exact: true }).first().waitFor();
  await page.goto(to(`${why}?time=2020-01-01T00:00:00Z#alice-of-the-flow`));
  await page.getByText("No version of that time is kept.").waitFor();
  for (const request of asked) assert.ok(!request.includes("alice-of-the-flow"), request);
});
