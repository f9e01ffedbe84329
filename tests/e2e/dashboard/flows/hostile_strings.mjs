// Every page with texts that would like to be something else: they are drawn as text, nothing runs, nothing is asked for, no link
// leads to a script, and no page is wider than the window for them. What a page has to show is looked for, so that a page that
// shows nothing does not pass.
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";
import { howFarOut } from "./looks.mjs";

const org = `/${given.org}`;
const project = `${org}/${given.project}`;
const relay = encodeURIComponent(given.relay);
const payload = '<img src=x onerror="window.__hit=9">{{7*7}}';
const asked = encodeURIComponent(payload);
// Path: fields that the page shows.
const pages = {
  [org]: ["organisation-name", "project-name"],
  [`${org}/-/members`]: ["member-name", "member-email", "invited-name"],
  [`${org}/-/members/${given.member}`]: ["member-name", "member-email", "environment-name"],
  [`${org}/-/roles`]: ["role-name", "role-description"],
  [`${org}/-/roles/hostile`]: ["role-name"],
  [`${org}/-/groups`]: ["group-name"],
  [`${org}/-/keys`]: ["relay-key-name"],
  [`${org}/-/tokens`]: ["token-name"],
  [`${org}/-/webhooks`]: ["webhook-name"],
  [`${org}/-/webhooks/${given.hook}`]: ["webhook-name"],
  [`${org}/-/webhooks/${given.hook}?delivery=${given.delivery}`]: ["webhook-answer"],
  [`${org}/-/sign-in`]: ["provider-name"],
  [`${org}/-/sign-in/hostile`]: ["provider-name"],
  [`${org}/-/settings`]: ["organisation-name"],
  [`${org}/-/audit`]: ["audit-comment"],
  [`${org}/-/audit?text=${asked}`]: [],
  [`${org}/-/requests`]: ["request-title"],
  [`${org}/-/relays`]: [],
  [`${org}/-/relays/${relay}`]: ["relay-detail"],
  [project]: ["project-name"],
  [`${project}/flags`]: ["flag-name"],
  [`${project}/flags?q=${asked}`]: [],
  [`${project}/flags/hostile`]: ["flag-name", "flag-description", "owner"],
  [`${project}/flags/hostile-json`]: ["json-flag-name"],
  [`${project}/flags/hostile/-/definition`]: ["flag-name", "flag-description"],
  [`${project}/flags/-/archived`]: [],
  [`${project}/graph?flag=hostile`]: [],
  [`${project}/flags/hostile/development/evaluations`]: [],
  [`${project}/flags/hostile/development/rollout`]: [],
  [`${project}/flags/hostile/-/history`]: [],
  [`${project}/flags/hostile/-/uses`]: [],
  [`${project}/flags/hostile/-/code`]: [],
  [`${project}/flags/hostile/development`]: ["target-value"],
  [`${project}/flags/hostile/development?as=text`]: [],
  [`${project}/flags/hostile/development?as=json`]: [],
  [`${project}/flags/hostile/development/why#{"targetingKey":"<img src=x onerror=window.__hit=1>"}`]: [],
  [`${project}/flags/hostile/development/history`]: [],
  [`${project}/segments`]: ["segment-name"],
  [`${project}/segments/hostile/development`]: ["segment-name", "segment-value"],
  [`${project}/segments/hostile/-/history`]: [],
  [`${project}/segments/hostile/-/uses`]: [],
  [`${project}/play?flags=hostile,hostile-json#{"targetingKey":"<img src=x onerror=window.__hit=1>"}`]: [],
  [`${project}/compare?from=development&to=staging`]: [],
  [`${project}/requests/${given.request}?env=development`]: ["request-title", "request-description", "request-comment"],
  [`${project}/schedules`]: ["schedule-name"],
  [`${project}/rollouts`]: [],
  [`${project}/rollouts/${given.rollout}?env=development`]: [],
  [`${project}/evaluations?flag=hostile&by=sdk`]: [],
  [`${project}/cleanup`]: [],
  [`${project}/settings`]: ["project-name", "environment-name"],
  [`${project}/environments/development/settings`]: ["environment-name", "environment-description"],
  [`${project}/environments/development/keys`]: ["key-name"],
  [`${project}/environments/development/propagation`]: [],
  [`${project}/environments/development/versions`]: [],
  "/-/me/profile": ["organisation-name"],
  "/-/me/sessions": [],
  "/-/me/tokens": ["personal-token-name"],
  "/-/me/preferences": [],
  [`/${asked}/${asked}/flags/${asked}/${asked}`]: [],
  [`${org}/-/webhooks/${asked}`]: [],
};

// What no text may have become, or led to.
const harm = () => {
  const links = [...document.querySelectorAll("a[href], area[href], form[action]")].map((one) => one.href || one.action);
  const odd = links.filter((link) => !/^https?:/.test(link));
  const made = document.querySelectorAll("img, iframe, object, embed, base ~ base, body script, [onerror], [onload], [onclick]");
  return [
    ...(window.__hit === undefined ? [] : [`ran ${window.__hit}`]),
    ...odd.map((link) => `link ${link}`),
    ...[...made].map((one) => `element ${one.outerHTML.slice(0, 200)}`),
  ];
};

const found = [];
async function examine(page, name, fields) {
  await page.locator("h1, h2").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role="status"][data-late]') === null);
  for (const field of fields) {
    try {
      await page.waitForFunction((text) => {
        const inputs = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
        return `${document.body.innerText}\n${inputs.join("\n")}`.includes(text);
      }, field, { timeout: 15_000 });
    } catch {
      found.push(`${name}: ${field} is not shown`);
    }
  }
  for (const fault of await page.evaluate(harm)) found.push(`${name}: ${fault}`);
  const wider = await page.evaluate(howFarOut);
  if (wider) found.push(`${name}: ${wider}`);
}

await inBrowser(
  async (page) => {
    await signIn(page, org);
    for (const [path, fields] of Object.entries(pages)) {
      const [, rest, fragment] = /^([^#]*)(#.*)?$/.exec(path);
      await page.goto(to(rest + (fragment ? `#${encodeURIComponent(fragment.slice(1))}` : "")));
      await examine(page, path, fields);
    }

    // Dialogs, messages and problems have them as well.
    await page.goto(to(`${org}/-/members?q=member-email`));
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("alertdialog").waitFor();
    await examine(page, "removing a member", ["member-name"]);
    await page.goto(to(`${project}/environments/development/keys`));
    await page.getByRole("listitem").filter({ hasText: "key-name" }).getByRole("button", { name: "Rotate" }).click();
    await examine(page, "rotating a key", ["key-name"]);
    await page.goto(to(`${org}/-/webhooks?new=1`));
    await page.getByLabel("URL").fill("https://example.com/");
    await page.getByRole("textbox", { name: "Events" }).fill(`${payload}problem,`);
    await page.getByRole("button", { name: "Create webhook" }).click();
    await page.getByText(/is no event/).waitFor();
    await examine(page, "a problem at its field", [`${payload}problem`]);
    await page.goto(to(`${project}/flags`));
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or do" }).fill("flag-name");
    await page.getByRole("option").first().waitFor();
    await examine(page, "the palette", ["flag-name"]);
    await page.goto(to(`${org}/-/settings`));
    await page.getByLabel("Name").fill(`${payload}renamed`);
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByText("Saved.").waitFor();
    await examine(page, "after saving", ["renamed"]);
  },
  { allowed: ["401 /auth/me", "404 ", "403 ", "400 "] },
);
assert.deepEqual(found, []);
