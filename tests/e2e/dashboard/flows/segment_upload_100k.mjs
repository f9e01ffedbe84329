import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// A file of 100,000 values: what is in it is said before a byte of it is sent; it is reviewed once, and is one version.
await inBrowser(async (page) => {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(request.url());
  });
  await signIn(page, `/${given.org}/${given.project}/segments/${given.segment}/development`);
  await page.getByRole("button", { name: "From a file" }).click();
  const values = Array.from({ length: given.count - 2 }, (_, i) => `customer-with-a-long-name-${i}`);
  const text = ["present", "elsewhere", ...values, values[0]].join("\n");
  await page.getByLabel("File", { exact: true }).setInputFiles({
    name: "customers.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(text),
  });
  await page.getByText("Also in the other list").waitFor();
  const said = await page.getByRole("dialog").locator("dl").innerText();
  const numbers = said.split("\n").filter((line) => /^[\d,]+$/.test(line.trim()));
  assert.deepEqual(numbers, [(given.count - 1).toLocaleString("en"), "1", "1", "1"], said);
  assert.equal(sent.filter((url) => url.includes("/members")).length, 0, "something was sent before the review");
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("button", { name: /Publish to development/ }).click();
  await page.getByText(/have been changed/).waitFor();
  await page.goto(to(`/${given.org}/${given.project}/segments/${given.segment}/development?q=customer-with-a-long-name-7`));
  await page.getByText(new RegExp(`of ${given.count.toLocaleString("en")} values`)).waitFor();
});
