// Two presses of Publish, by the pointer and by keys, are one change; Undo is another one.
import { openEditor, review, typeShare } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  const patches = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH" && !request.url().includes("dry_run")) patches.push(request.headers()["idempotency-key"]);
  });
  await openEditor(page, given.flag);
  await typeShare(page, "25");
  const sheet = await review(page, given.flag);
  await sheet.getByRole("button", { name: "Publish to development" }).dblclick();
  await sheet.waitFor({ state: "detached" });
  await page.getByText(`${given.flag} in development is version`).waitFor();
  assert.equal(patches.length, 1);

  await typeShare(page, "30");
  const again = await review(page, given.flag);
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await again.waitFor({ state: "detached" });
  await page.getByText(`${given.flag} in development is version`).waitFor();
  assert.equal(patches.length, 2);
  assert.notEqual(patches[0], patches[1]);

  await page.getByRole("button", { name: /^Undo \(|^Undo$/ }).last().click();
  await page.getByText(`${given.flag} in development is as it was before.`).waitFor();
});
