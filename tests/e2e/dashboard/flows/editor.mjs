// What the flows of the targeting editor share.
import { assert, given, signIn, to } from "./flow.mjs";

export const pathOf = (flag, env = "development") => `/${given.org}/${given.project}/flags/${flag}/${env}`;

const drawn = (page) => page.getByRole("heading", { name: "Everyone else" }).waitFor();

// Signs in at the editor. `query`: of its address.
export async function openEditor(page, flag, { env, query = "", who } = {}) {
  await signIn(page, pathOf(flag, env) + query, who);
  await drawn(page);
}

export async function goToEditor(page, flag, { env, query = "" } = {}) {
  await page.goto(to(pathOf(flag, env) + query));
  await drawn(page);
}

// The share of everyone else's first split, by keys.
export async function typeShare(page, percent) {
  await page.evaluate(() => document.activeElement?.blur()); // in a field it is a character
  await page.keyboard.press("%");
  await page.locator("#step-else input:focus").waitFor();
  await page.keyboard.type(percent);
}

export const sheetOf = (page, flag, env = "development") => page.getByRole("dialog", { name: `Publish ${flag} in ${env}` });

export async function review(page, flag, env) {
  await page.keyboard.press("Control+s");
  const sheet = sheetOf(page, flag, env);
  await sheet.waitFor();
  return sheet;
}

// From the open review; the receipt is what ends it.
export async function publish(page, flag, env = "development") {
  const sheet = sheetOf(page, flag, env);
  await sheet.getByRole("button", { name: `Publish to ${env}` }).waitFor();
  await page.keyboard.press("Control+Enter");
  await sheet.waitFor({ state: "detached" });
  await page.getByText(`${flag} in ${env} is version`).waitFor();
}

const configUrl = (flag, env) =>
  `${given.api}/api/v1/orgs/${given.org}/projects/${given.project}/flags/${flag}/environments/${env}`;

// What somebody else does, by the API; `given.token` is theirs.
export async function change(flag, instructions, env = "development") {
  const headers = { Authorization: `Bearer ${given.token}` };
  const now = await fetch(configUrl(flag, env), { headers });
  const answer = await fetch(configUrl(flag, env), {
    method: "PATCH",
    headers: { ...headers, "If-Match": now.headers.get("ETag"), "Content-Type": "application/vnd.fanion.instructions+json" },
    body: JSON.stringify({ instructions }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

export async function stored(flag, env = "development") {
  const answer = await fetch(configUrl(flag, env), { headers: { Authorization: `Bearer ${given.token}` } });
  return answer.text();
}
