// Every page in light and dark, wide and narrow, in the pseudo-locale from right to left: nothing is wider than the window, and axe
// finds no violation. Pictures are kept in the folder of the run.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { assert, given, inBrowser, to } from "./flow.mjs";

const require = createRequire(new URL("../../../../control-plane/dashboard/package.json", import.meta.url));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const project = `/${given.org}/${given.project}`;
const pages = {
  signin: "/-/signin",
  setup: "/-/setup#token",
  organisation: `/${given.org}`,
  home: project,
  flags: `${project}/flags`,
  nothing_found: `${project}/flags?q=tag:nobody`,
  new_flag: `${project}/flags/-/new?type=json`,
  segments: `${project}/segments`,
  new_segment: `${project}/segments/-/new`,
  play: `${project}/play?flags=seen#alice`,
  evaluations: `${project}/evaluations`,
  cleanup: `${project}/cleanup`,
  propagation: `${project}/environments/development/propagation`,
  relays: `/${given.org}/-/relays`,
  project_settings: `${project}/settings`,
  new_environment: `${project}/settings?new=environment`,
  environment_settings: `${project}/environments/production/settings`,
  environment_keys: `${project}/environments/development/keys`,
  members: `/${given.org}/-/members`,
  member: `/${given.org}/-/members/${given.member}`,
  roles: `/${given.org}/-/roles`,
  new_role: `/${given.org}/-/roles?new=1`,
  built_in_role: `/${given.org}/-/roles/developer`,
  own_role: `/${given.org}/-/roles/release-manager`,
  groups: `/${given.org}/-/groups`,
  webhooks: `/${given.org}/-/webhooks`,
  new_webhook: `/${given.org}/-/webhooks?new=1`,
  webhook: `/${given.org}/-/webhooks/${given.hook}`,
  delivery: `/${given.org}/-/webhooks/${given.hook}?delivery=${given.delivery}`,
  sign_in: `/${given.org}/-/sign-in`,
  new_provider: `/${given.org}/-/sign-in?new=1`,
  provider: `/${given.org}/-/sign-in/company`,
  organisation_keys: `/${given.org}/-/keys`,
  service_tokens: `/${given.org}/-/tokens`,
  organisation_settings: `/${given.org}/-/settings`,
  profile: "/-/me/profile",
  sessions: "/-/me/sessions",
  tokens: "/-/me/tokens",
  preferences: "/-/me/preferences",
  shortcuts: "/-/me/shortcuts",
  about: "/-/about",
  no_page: "/-/there/is/none",
  no_project: `/${given.org}/nothing-of-this-name`,
};
const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark-narrow", colorScheme: "dark", viewport: { width: 390, height: 844 } },
  { name: "rtl", colorScheme: "light", viewport: { width: 1024, height: 768 }, look: { pseudo: "1", dir: "rtl" } },
];
const found = [];

async function examine(page, name) {
  await page.locator("h1, h2").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role="status"][data-late]') === null);
  await page.screenshot({ path: `${given.shots}/${name}.png` });
  const width = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (width > 0) found.push(`${name}: ${width} pixels wider than the window`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  for (const { id, nodes } of violations) found.push(`${name}: ${id} ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
}

mkdirSync(given.shots, { recursive: true });
for (const { name: look, look: kept, ...options } of looks) {
  await inBrowser(
    async (page) => {
      if (kept) await page.addInitScript((given) => localStorage.setItem("fanion-look", JSON.stringify(given)), kept);
      for (const name of ["setup", "signin"]) {
        await page.goto(to(pages[name]));
        await examine(page, `${name}-${look}`);
      }
      await page.locator('input[name="email"]').fill(given.email); // whatever its label is in the pseudo-locale
      await page.locator('input[name="password"]').fill(given.password);
      await page.locator('button[type="submit"]').click();
      await page.locator("nav").first().waitFor();
      for (const [name, path] of Object.entries(pages).slice(2)) {
        await page.goto(to(path));
        await examine(page, `${name}-${look}`);
      }
      await page.goto(to(pages.flags));
      await page.getByRole("row").nth(1).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("listbox").waitFor();
      await examine(page, `palette-${look}`);
    },
    { ...options, allowed: ["401 /auth/me", "404 /nothing-of-this-name", "404 /environments", "404 /flag-index", "404 /views", "404 /audit"] },
  );
}
assert.deepEqual(found, []);
