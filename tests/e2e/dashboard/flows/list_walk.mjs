// From the list to a flag and on through the result: what is under the pointer or has the focus is fetched before it is opened.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

const project = `/${given.org}/${given.project}`;
const config = (flag) => `/flags/${flag}/environments/production`;

await inBrowser(async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await signIn(page, `${project}/flags`);
  await page.getByText(`${given.count.toLocaleString("en")} flags`).waitFor();

  const link = page.getByRole("row").nth(3).getByRole("link").first();
  const fetched = page.waitForResponse((answer) => answer.url().endsWith(config("many-00003")));
  await link.hover();
  await fetched;
  asked.length = 0;
  await link.click();
  await page.getByRole("region", { name: "production" }).getByText(/everyone/i).waitFor();
  assert.ok(!asked.some((path) => path.endsWith(config("many-00003"))), asked.join(" "));

  // By keys: [ and ] walk through the result that one came from, and no further.
  await page.goBack();
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/flags/many-00001");
  await page.keyboard.press("[");
  await page.keyboard.press("]");
  await page.waitForURL("**/flags/many-00002");
  await page.keyboard.press("[");
  await page.waitForURL("**/flags/many-00001");
});
