// Somebody else publishes apart from what the draft changes: it goes on top by itself, and says so.
import { change, openEditor, publish, review, typeShare } from "./editor.mjs";
import { given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  await typeShare(page, "25");
  await page.getByText("Moves 20.000 %: off → on. Nobody loses on.").waitFor();
  await change(given.flag, [{ kind: "set_off", variation: null }]);
  await page.getByText(/On top of version/).first().waitFor();
  const sheet = await review(page, given.flag);
  await sheet.getByText(/On top of version/).waitFor();
  await sheet.getByText(/Moves 20\.000 %/).waitFor();
  await publish(page, given.flag);
});
