import { writeFileSync } from "node:fs";
import { assert, given, inBrowser, signIn } from "./flow.mjs";

// The page stays open: a relay dies, what is published meanwhile does not reach it, and it has it once it is back.
await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/environments/${given.env}/propagation`);
  await page.getByText("2 of 2 relays have it").waitFor();
  process.kill(given.pid, "SIGKILL");
  const place = `${given.api}/api/v1/orgs/${given.org}/projects/${given.project}/flags/${given.flag}/environments/${given.env}`;
  const answer = await fetch(place, {
    method: "PATCH",
    headers: {
      Authorization: `Bearer ${given.token}`,
      "Content-Type": "application/vnd.fanion.instructions+json",
      "If-Match": "*",
    },
    body: JSON.stringify({ instructions: [{ kind: "turn_on" }] }),
  });
  assert.equal(answer.status, 200);
  await page.getByText("1 of 2 relays have it").waitFor();
  const row = page.getByRole("row").filter({ hasText: given.relay });
  await row.getByText(/^(Behind|Silent)$/).waitFor();
  writeFileSync(given.killed, "");
  await page.getByText("2 of 2 relays have it").waitFor();
  await page.getByText("All relays have it.").waitFor();
  await row.getByText("Up to date").waitFor();
});
