// From the list of 10,000 flags to one of them, and back by keys: what is under the pointer or has the focus is fetched before.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

const project = `/${given.org}/${given.project}`;
const limit = Number(process.env.FLOW_SPEED ?? 1) * 150;

await inBrowser(async (page) => {
  await signIn(page, `${project}/flags`);
  const times = [];
  for (let i = 1; i <= 5; i += 1) {
    await page.getByText(`${given.count.toLocaleString("en")} flags`).waitFor();
    const row = page.getByRole("row").nth(i);
    const link = row.getByRole("link").first();
    const name = await link.textContent();
    const key = await row.locator("code").first().textContent();
    const fetched = page.waitForResponse((answer) => answer.url().endsWith(`/flags/${key}/environments/production`));
    await link.hover();
    await fetched;
    times.push(
      await link.evaluate(
        (element, title) =>
          new Promise((resolve) => {
            const begin = performance.now();
            const look = () => {
              const head = document.querySelector("h1");
              const isThere = head?.textContent?.includes(title) && document.querySelector("section[aria-label=production] p");
              if (isThere) resolve(performance.now() - begin);
              else requestAnimationFrame(look);
            };
            element.click();
            requestAnimationFrame(look);
          }),
        name,
      ),
    );
    await page.goBack();
  }
  const median = [...times].sort((a, b) => a - b)[2];
  process.stdout.write(`list to flag: median ${median.toFixed(1)} ms, all ${times.map((one) => one.toFixed(0)).join(" ")}\n`);
  assert.ok(median <= limit, `${median} ms`);

  // [ and ] walk through the result that one came from.
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/flags/many-00001`);
  await page.keyboard.press("]");
  await page.waitForURL(`**/flags/many-00002`);
  await page.keyboard.press("[");
  await page.waitForURL(`**/flags/many-00001`);
});
