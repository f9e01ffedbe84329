// Somebody else publishes the same place: three columns, a choice, and nothing is lost or overwritten unseen.
import { change, openEditor, publish, sheetOf, typeShare } from "./editor.mjs";
import { given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag);
  await typeShare(page, "25");
  await page.getByText("Moves 20.000 %: off → on. Nobody loses on.").waitFor();
  await change(given.flag, [{ kind: "set_weights", weights: [{ variation: "on", weight: 50 }], otherwise: "off" }]);
  await page.getByText("Somebody has changed the same places.").waitFor();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const columns = page.getByRole("dialog");
  await columns.getByRole("heading", { name: "Before" }).waitFor();
  await columns.getByRole("heading", { name: "Published meanwhile" }).waitFor();
  await columns.getByRole("button", { name: "Use this: Yours" }).click();
  await columns.getByRole("button", { name: "Go on with the choice" }).click();
  await columns.waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^Review/ }).click();
  await sheetOf(page, given.flag).getByText(/Moves 25\.000 %: on → off/).waitFor();
  await publish(page, given.flag);
});
