// A page of another origin on the same host, to which the browser sends the cookie as well: it frames nothing, changes nothing, reads
// nothing. And one person's tab, when another person has signed in beside it.
import { assert, deadline, given, inBrowser, openMe, signIn, within } from "./flow.mjs";

const api = `${given.pages}/api/v1/orgs/${given.org}`;

await inBrowser(
  async (page) => {
    await signIn(page, `/${given.org}/${given.project}/flags`);
    const attacker = await page.context().newPage();
    await attacker.goto(given.attacker);
    await attacker.setContent(`<iframe src="${given.pages}/ui/${given.org}"></iframe>`);
    await attacker.frames()[1].waitForURL("chrome-error://chromewebdata/", { waitUntil: "commit" }); // not the page
    await attacker.goto(given.attacker);

    const forged = attacker.evaluate(async ([api, limit]) => {
      const outcome = async (name, url, options) => {
        try {
          const answer = await fetch(url, { credentials: "include", signal: AbortSignal.timeout(limit), ...options });
          return [name, answer.type === "opaque" ? "sent" : `read ${answer.status}`];
        } catch (error) {
          return [name, error.name === "TimeoutError" ? "no answer" : "refused"];
        }
      };
      const body = JSON.stringify({ name: "taken over" });
      return Object.fromEntries(
        await Promise.all([
          outcome("read", api, {}),
          outcome("plain post", `${api}/projects`, { method: "POST", mode: "no-cors", body: '{"key":"forged"}' }),
          outcome("json patch", api, { method: "PATCH", headers: { "Content-Type": "application/json" }, body }),
          outcome("sign-out", api.replace(/\/orgs.*/, "/auth/session"), { method: "DELETE" }),
        ]),
      );
    }, [api, deadline / 2]);
    const tried = await within("the forged requests", forged);
    assert.equal(tried.read, "refused");
    assert.equal(tried["json patch"], "refused");
    assert.equal(tried["sign-out"], "refused");

    // A form needs no script, and is sent with the cookie.
    await attacker.setContent(`<form method="post" enctype="text/plain" action="${api}/projects">
      <input name='{"key":"forged","name":"' value='"}'><button>go</button></form>`);
    const [answer] = await Promise.all([
      attacker.waitForResponse((one) => one.url().endsWith("/projects")),
      attacker.getByRole("button").click(),
    ]);
    assert.ok([403, 415].includes(answer.status()), String(answer.status()));
    await attacker.waitForURL(`${api}/projects`); // and stays: a close amid a navigation may never end
    await page.reload();
    await page.getByRole("button", { name: "You" }).waitFor(); // still signed in

    // Another person in the tab beside it.
    const beside = await page.context().newPage();
    await beside.goto(page.url());
    await openMe(beside);
    await beside.getByRole("menuitem", { name: "Sign out" }).click();
    await beside.getByLabel("E-mail").fill(given.other);
    await beside.getByLabel("Password", { exact: true }).fill(given.password);
    await beside.getByRole("button", { name: "Sign in", exact: true }).click();
    await beside.getByRole("button", { name: "You" }).waitFor();
    await openMe(page);
    await page.getByText(`Signed in as ${given.other}`).waitFor();
  },
  { allowed: ["401 "] },
);
