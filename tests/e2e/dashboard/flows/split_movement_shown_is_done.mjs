// 5 % become 25 %: what the page says before is what happens to 100,000 keys.
import { openEditor, publish, review, typeShare } from "./editor.mjs";
import { keys, published } from "./evaluate.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

const shown = /Moves 20\.000 %: off → on\. Nobody loses on\./;
const many = keys(100_000);
const pasted = many.slice(0, 10_000);

await inBrowser(async (page) => {
  const answers = async () => {
    const answer = await published(given.flag);
    return many.map((targetingKey) => answer({ targetingKey }));
  };
  const before = await answers();
  await openEditor(page, given.flag);
  await typeShare(page, "25");
  await page.getByText(shown).waitFor();
  await page.getByRole("button", { name: "Who of these moves" }).click();
  // At once, as by pasting: the driver would type line by line.
  await page.getByRole("textbox", { name: "Who of these moves" }).evaluate((area, text) => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }, pasted.join("\n"));
  const said = await page.getByText(/of 10,000 get another variation/).innerText();
  const sheet = await review(page, given.flag);
  await sheet.getByText(/Everyone else: Moves 20\.000 %/).waitFor();
  await publish(page, given.flag);

  const after = await answers();
  const moved = many.filter((_, i) => before[i] !== after[i]);
  const of = Number(/^([\d,]+) of/.exec(said)[1].replace(",", ""));
  assert.equal(moved.filter((key) => pasted.includes(key)).length, of);
  assert.ok(before.every((answer, i) => answer !== "on" || after[i] === "on"), "nobody loses on");
  assert.ok(Math.abs(moved.length / many.length - 0.2) < 0.005, `${moved.length} of ${many.length} have moved`);
});
