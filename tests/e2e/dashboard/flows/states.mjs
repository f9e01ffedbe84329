// What a page shows when it cannot show what it is for, on one page of each kind, in light and dark. The answers are made here; that
// the control plane gives them is tested where it is.
import { assert, given, inBrowser, to } from "./flow.mjs";
import { examine, fits, isAccessible, isDrawn, looks, nothingFound, signInSomehow } from "./looks.mjs";

const problem = (status, title, detail, code) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ title, status, detail, request_id: "req-4711", errors: code ? [{ pointer: "", code, detail }] : [] }),
});
// The kinds, and what each of them cannot do without.
const kinds = {
  list: { path: given.places.flags, asks: /\/flag-index/ },
  resource: { path: given.places.flag, asks: /\/flags\/checkout(\?|$)/ },
  log: { path: given.places.audit, asks: /\/audit(\?|$)/ },
  settings: { path: given.places.environment_settings, asks: /\/environments\/production(\?|$)/ },
};
const api = (pattern) => (url) => url.pathname.startsWith("/api/") && pattern.test(url.pathname + url.search);

async function states(page, look) {
  for (const [kind, { path, asks }] of Object.entries(kinds)) {
    const name = (state) => `state-${kind}-${state}-${look}`;
    const shown = async (answer, sees) => {
      await page.route(api(asks), answer);
      await page.goto(to(path));
      await sees();
      await page.unrouteAll({ behavior: "ignoreErrors" });
    };
    const main = page.locator("main");
    await shown(() => undefined, async () => {
      await main.locator('[role="status"][data-late]').first().waitFor();
      await page.screenshot({ path: `${given.shots}/${name("loading")}.png` });
      await fits(page, name("loading"));
      await isAccessible(page, name("loading"));
    });
    await shown((route) => route.fulfill(problem(500, "Internal error", "The database did not answer in time.")), async () => {
      await main.getByText("Request req-4711").first().waitFor();
      await main.getByRole("button", { name: "Retry" }).first().waitFor();
      await examine(page, name("error"));
    });
    await shown((route) => route.fulfill(problem(403, "Forbidden", "This takes the permission read.", "read")), async () => {
      await main.getByText(/^You may not /).first().waitFor();
      await examine(page, name("denied"));
    });
    // What has been read stays while nothing answers. A stream that is held would be held on.
    await page.route(api(/\/events/), (route) => route.abort());
    await page.goto(to(path));
    await isDrawn(page);
    const before = await main.textContent();
    await page.route(api(/./), (route) => route.abort());
    await main.getByText(/^No contact with the control plane since/).waitFor();
    assert.ok((await main.textContent()).includes(before.slice(0, 20)));
    await examine(page, name("offline"));
    await page.unrouteAll({ behavior: "ignoreErrors" });
  }
}

for (const look of ["light", "narrow"]) {
  await inBrowser(
    async (page) => {
      await page.goto(to("/-/signin"));
      await signInSomehow(page);
      await states(page, look);
      // Nothing there yet: what it is for, and one thing to do.
      for (const [name, path] of Object.entries(given.empty)) {
        await page.goto(to(path));
        await examine(page, `state-${name}-empty-${look}`);
      }
    },
    { ...looks[look], allowed: ["401 /auth/me", "500 ", "403 "] },
  );
}
nothingFound();
