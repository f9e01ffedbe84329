import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// The time from a key to the frame that shows its effect.
const typed = (page, letter) =>
  page.evaluate(
    (added) =>
      new Promise((resolve) => {
        const field = document.activeElement;
        const begin = performance.now();
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, field.value + added);
        field.dispatchEvent(new Event("input", { bubbles: true }));
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - begin);
          channel.port2.postMessage(0);
        });
      }),
    letter,
  );

await inBrowser(async (page) => {
  const list = `/${given.org}/${given.project}/flags`;
  await signIn(page, list);
  const grid = page.getByRole("grid");
  await page.getByText(`${given.count.toLocaleString("en")} flags`).waitFor();
  assert.equal(await grid.getAttribute("aria-rowcount"), String(given.count + 1));
  assert.ok((await page.getByRole("row").count()) < 100); // only what is in sight is in the document

  await page.getByLabel("Filter flags").click();
  const times = [];
  for (const letter of "tag:t7 many-00") times.push(await typed(page, letter));
  process.stdout.write(`filter: median ${median(times).toFixed(1)} ms, most ${Math.max(...times).toFixed(1)} ms\n`);
  await page.waitForURL(/[?&]tag=t7(&|$)/);
  const filtered = await page.getByRole("status").filter({ hasText: "of" }).first().textContent();

  // To a page and back: the same filter, the same rows.
  await page.goto(to("/-/about"));
  await page.getByRole("heading", { name: "About" }).waitFor();
  await page.goBack();
  await page.getByText(filtered).waitFor();
  assert.equal(await page.getByLabel("Filter flags").inputValue(), "tag:t7 many-00");

  // By keys alone: to the list, down, to the end, and what was chosen.
  await page.getByLabel("Filter flags").fill("");
  await page.getByText(`${given.count.toLocaleString("en")} flags`).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await page.locator(`[data-index="${given.count - 1}"]`).waitFor();
  await page.keyboard.press("Space");
  await page.getByText("1 selected").first().waitFor();
});
