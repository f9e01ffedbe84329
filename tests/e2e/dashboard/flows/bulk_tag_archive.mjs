// A whole result is tagged, exported and archived: one review each, by keys; the review names who would still ask.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags?q=${given.word}`);
  await page.getByText(new RegExp(`^${given.count} of `)).waitFor();
  await page.keyboard.press("Shift+X");
  const bar = page.getByRole("region", { name: `${given.count} selected` });
  await bar.waitFor();

  const saved = page.waitForEvent("download");
  await bar.getByRole("button", { name: "Export CSV" }).click();
  const lines = await readAll(await (await saved).createReadStream());
  assert.equal(lines.trim().split("\n").length, given.count + 1);

  await bar.getByRole("button", { name: "Add tags" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Add tags" }).getByRole("textbox").focus();
  await page.keyboard.type("done-with");
  await page.keyboard.press("Enter"); // ends the tag
  await page.getByRole("dialog", { name: "Add tags" }).getByRole("button", { name: "Review" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText(/done-with/).nth(given.count - 1).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText(`${given.count} flags have been changed.`).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("row").nth(1).getByText("done-with").waitFor();

  await page.keyboard.press("Shift+X");
  await bar.waitFor();
  await page.keyboard.press("e");
  const sheet = page.getByRole("dialog", { name: "Archive flags" });
  await sheet.getByText("Who changes").waitFor();
  await sheet.getByRole("button", { name: `Archive flags: ${given.count} flags` }).waitFor();
  await page.keyboard.press("Control+Enter");
  await sheet.waitFor({ state: "detached" });
  await page.getByText(/^0 of /).waitFor();
});

async function readAll(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
