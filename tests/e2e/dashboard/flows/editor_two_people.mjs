// Somebody else publishes while a draft is open: apart from it, and at the same place.
import { assert, given, inBrowser, signIn } from "./flow.mjs";

async function publish(flag, instructions) {
  const url = `${given.api}/api/v1/orgs/${given.org}/projects/${given.project}/flags/${flag}/environments/development`;
  const headers = { Authorization: `Bearer ${given.token}` };
  const now = await fetch(url, { headers });
  const answer = await fetch(url, {
    method: "PATCH",
    headers: { ...headers, "If-Match": now.headers.get("ETag"), "Content-Type": "application/vnd.fanion.instructions+json" },
    body: JSON.stringify({ instructions }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

const editor = (flag) => `/${given.org}/${given.project}/flags/${flag}/development`;

async function draft(page) {
  await page.getByRole("heading", { name: "Everyone else" }).waitFor();
  await page.keyboard.press("%");
  await page.locator("#step-else input:focus").waitFor();
  await page.keyboard.type("25");
  await page.getByText("Moves 20.000 %: off → on. Nobody loses on.").waitFor();
}

await inBrowser(async (page) => {
  await signIn(page, editor("apart"));
  await draft(page);
  await publish("apart", [{ kind: "set_off", variation: null }]);
  await page.getByText(/On top of version/).first().waitFor();
  await page.keyboard.press("Control+s");
  const sheet = page.getByRole("dialog");
  await sheet.getByText(/On top of version/).waitFor();
  await page.keyboard.press("Control+Enter");
  await sheet.waitFor({ state: "detached" });
  await page.getByText("apart in development is version").waitFor();

  await page.goto(`${given.pages}/ui${editor("overlap")}`);
  await draft(page);
  await publish("overlap", [{ kind: "set_weights", weights: [{ variation: "on", weight: 50 }], otherwise: "off" }]);
  await page.getByText("Somebody has changed the same places.").waitFor();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const columns = page.getByRole("dialog");
  await columns.getByRole("heading", { name: "Published meanwhile" }).waitFor();
  await columns.getByRole("button", { name: "Use this: Yours" }).click();
  await columns.getByRole("button", { name: "Go on with the choice" }).click();
  await columns.waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^Review/ }).click();
  await page.getByRole("dialog").getByText(/Moves 25\.000 %: on → off/).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("overlap in development is version").waitFor();
});
