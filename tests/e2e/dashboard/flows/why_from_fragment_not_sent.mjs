// The answer and its tree; no request has a byte of the context.
import { pathOf } from "./editor.mjs";
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

const { secret } = given;

await inBrowser(async (page) => {
  const sent = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""} ${JSON.stringify(request.headers())}`));
  const asked = `${pathOf(given.flag)}/why#${secret}`;
  await page.goto(to(asked));
  await page.getByLabel("E-mail").waitFor();
  await page.reload(); // the address of the sign-in page is sent then
  await signIn(page, asked);
  await page.getByText("Everyone else").waitFor();
  await page.getByText(/plan is "pro"/).waitFor();
  await page.getByText("is missing").waitFor();
  const field = page.getByRole("textbox", { name: "Contexts" });
  assert.equal(await field.inputValue(), secret);
  await field.fill(`${secret}-2`);
  await page.getByRole("heading", { name: `${secret}-2` }).waitFor();
  await page.waitForURL((url) => decodeURIComponent(url.hash) === `#${secret}-2`);
  await page.reload();
  await page.getByText("Everyone else").waitFor();
  await field.fill(`{"targetingKey":"${secret}","plan":"pro"}`);
  await page.getByText("serves on").waitFor();
  await page.getByRole("link", { name: "Show it in the editor" }).click();
  await page.locator("[data-rule=beta][data-lit]").waitFor();
  assert.ok(sent.length > 0);
  assert.deepEqual(sent.filter((each) => each.includes(secret)), []);
});
