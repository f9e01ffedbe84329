// What a page shows when it cannot show what it is for, on one page of each kind, in light and dark. The answers are made here; that
// the control plane gives them is tested where it is.
import { assert, given, inBrowser, to } from "./flow.mjs";
import { examine, follow, inLanes, isDrawn, nothingFound, signInSomehow, still } from "./looks.mjs";

const looks = ["light", "narrow"];
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

// In each state the dashboard is loaded anew: what it has read before it would show still.
async function states(page, kind) {
  const { path, asks } = kinds[kind];
  const main = page.locator("main");
  const shown = async (state, answer, sees) => {
    await page.route(api(asks), answer);
    await page.goto(to(path));
    await sees();
    await examine(page, `state-${kind}-${state}`, looks);
    await page.unrouteAll({ behavior: "ignoreErrors" });
  };
  await shown("loading", () => undefined, () => main.locator('[role="status"][data-late="true"]').first().waitFor());
  await shown("error", (route) => route.fulfill(problem(500, "Internal error", "The database did not answer in time.")), async () => {
    await main.getByText("Request req-4711").first().waitFor();
    await main.getByRole("button", { name: "Retry" }).first().waitFor();
    await isDrawn(page);
  });
  await shown("denied", (route) => route.fulfill(problem(403, "Forbidden", "This takes the permission read.", "read")), async () => {
    await main.getByText(/^You may not /).first().waitFor();
    await isDrawn(page);
  });
  await offline(page, kind, path);
}

// What has been read stays while nothing answers. A stream that is held would be held on.
async function offline(page, kind, path) {
  const main = page.locator("main");
  await page.route(api(/\/events/), (route) => route.abort());
  await page.goto(to(path));
  await isDrawn(page);
  const before = await main.textContent();
  await page.route(api(/./), (route) => route.abort());
  await main.getByText(/^No contact with the control plane since/).waitFor();
  assert.ok((await main.textContent()).includes(before.slice(0, 20)));
  await examine(page, `state-${kind}-offline`, looks);
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

await inBrowser(
  async (page, open) => {
    await inLanes([page, await open()], Object.keys(kinds), signInSomehow, states);
    // Nothing there yet: what it is for, and one thing to do.
    await page.goto(to("/"));
    await isDrawn(page);
    for (const [name, path] of Object.entries(given.empty)) {
      await follow(page, path);
      await examine(page, `state-${name}-empty`, looks);
    }
  },
  { ...still, allowed: ["401 /auth/me", "500 ", "403 "] },
);
nothingFound();
