// The review says which of the test contexts change, and how: evaluation by what was published before and after says the same. The
// share of what was counted is that of the step that changes.
import { openEditor, publish, review, typeShare } from "./editor.mjs";
import { published } from "./evaluate.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  const { contexts } = given;
  const answers = async () => {
    const answer = await published(given.flag);
    return contexts.map(({ context }) => answer(context));
  };
  const before = await answers();
  await openEditor(page, given.flag);
  await typeShare(page, "60");
  const sheet = await review(page, given.flag);
  const part = sheet.getByRole("region", { name: "Your test contexts" });
  await part.getByText(new RegExp(`of ${contexts.length} test contexts`)).waitFor();
  const listed = await part.getByRole("listitem").allInnerTexts();
  const counted = sheet.getByRole("region", { name: "Evaluations of the last hour" });
  await counted.getByText("80 % ended where this changes something (80 of 100).").waitFor();
  await sheet.getByRole("region", { name: "Recorded traffic" }).getByText("not available").waitFor();
  await publish(page, given.flag);

  const after = await answers();
  const changed = contexts.flatMap(({ name }, i) => (before[i] === after[i] ? [] : [`${name}: ${before[i]} → ${after[i]}`]));
  assert.ok(changed.length > 0 && changed.length < contexts.length, `${changed.length} change`);
  assert.deepEqual([...listed].sort(), [...changed].sort());
});
