// Job 3: the answer and its tree; no request has a byte of the context.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

const secret = "alice-4711";

await inBrowser(async (page) => {
  const sent = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""} ${JSON.stringify(request.headers())}`));
  await signIn(page, `/${given.org}/${given.project}/flags/${given.flag}/development/why`);
  await page.getByRole("textbox", { name: "Contexts" }).fill(secret);
  await page.getByText("Everyone else").waitFor();
  await page.getByText(/plan is "pro"/).waitFor();
  await page.getByText("is missing").waitFor();
  assert.equal(decodeURIComponent(new URL(page.url()).hash), `#${secret}`);
  await page.reload();
  await page.getByText("Everyone else").waitFor();
  await page.getByRole("textbox", { name: "Contexts" }).fill(`{"targetingKey":"${secret}","plan":"pro"}`);
  await page.getByText("serves on").waitFor();
  await page.getByRole("link", { name: "Show it in the editor" }).click();
  await page.locator("[data-rule=beta][data-lit]").waitFor();
  assert.deepEqual(sent.filter((each) => each.includes(secret)), []);
});
