// What somebody may do where, and by which role, as the server says it of them; a role is given and taken back by keys.
import { assert, choose, given, inBrowser, signIn, to } from "./flow.mjs";

const label = `What ${given.person} may do`;

// { head of the column: permissions that the table says "yes" to, in words }
async function shown(page) {
  const table = page.getByRole("region", { name: label });
  await table.waitFor();
  return table.evaluate((frame) => {
    const heads = [...frame.querySelectorAll("thead th")].slice(1).map((head) => head.textContent);
    const rows = [...frame.querySelectorAll("tbody tr")];
    const held = (column) => rows.filter((row) => row.querySelectorAll("td")[column].textContent.includes("yes"));
    return Object.fromEntries(heads.map((head, i) => [head, held(i).map((row) => row.querySelector("th").textContent)]));
  });
}

const becomes = async (page, wanted) => {
  const table = page.getByRole("region", { name: label });
  for (const head of Object.keys(wanted)) await table.getByRole("columnheader", { name: head, exact: true }).waitFor();
  assert.deepEqual(await shown(page), wanted);
};

await inBrowser(async (page, open) => {
  await signIn(page, `/${given.org}/-/members`);
  await page.getByLabel("Filter members").fill(given.person.toLowerCase());
  await page.getByRole("link", { name: given.person }).click();
  await page.getByRole("heading", { name: given.person, level: 1 }).waitFor();
  await becomes(page, given.before);
  await page.getByText("release-manager, given here").waitFor();
  await page.getByText("developer, from the organisation").first().waitFor();

  await choose(page, `Role of ${given.person} in Production`, "viewer");
  await page.getByText(`${given.person} has the role viewer in production now.`).waitFor();
  await becomes(page, given.changed);
  await choose(page, `Role of ${given.person} in Production`, "As in the project");
  await page.getByText(`${given.person} has no role of their own in production any more.`).waitFor();
  await becomes(page, given.after);

  // Whoever may not change it reads it, and whom to ask.
  const other = await open();
  await signIn(other, new URL(page.url()).pathname.replace(/^\/ui/, ""), { email: given.member });
  await other.getByText(/You may not manage members in .*admin/).waitFor();
  await becomes(other, given.after);
  assert.equal(await other.getByRole("button", { name: /^Role of/ }).count(), 0);
  await other.goto(to(`/${given.org}/-/webhooks`));
  await other.getByText(/You may not manage webhooks in/).waitFor();
});
