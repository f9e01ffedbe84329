import { offer, permissionsOfRole } from "../../../../control-plane/dashboard/src/model/permissions.ts";
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

// One role at every control of governance: what the matrix says is what the page shows and what the control plane does.
const org = `/orgs/${given.org}`;
const project = `${org}/projects/${given.project}`;
const pages = `/${given.org}/${given.project}`;
const at = (env, what) => `${project}/environments/${env}/${what}`;
const access = {
  key: given.org,
  role: given.role,
  lacks_second_factor: false,
  permissions: permissionsOfRole[given.role],
  assignments: [],
};
const config = (flag, env) => `projects/${given.project}/flags/${flag}/environments/${env}`;
const turnOn = (flag, env) => ({
  method: "PATCH",
  path: config(flag, env),
  type: "application/vnd.fanion.instructions+json",
  body: { instructions: [{ kind: "turn_on" }] },
});
const kept = (env, what, body) => ({
  method: "POST",
  path: `projects/${given.project}/environments/${env}/${what}`,
  type: "application/json",
  body,
});
const button = (name) => (page) => page.getByRole("button", { name });
const promotion = { from: "staging", flags: [given.promoted] };
const approvals = (page) => page.getByRole("heading", { name: "Approvals" });
const asRequest = (page) => page.getByRole("dialog").getByRole("button", { name: "Ask for approval" });

// Of each action: where its control is, what of that place everybody sees, how the page offers it, and how the control plane is
// asked for the same.
const inEnvironment = (env) => [
  {
    action: "promote",
    path: `${pages}/compare?from=staging&to=${env}&sel=${given.promoted}`,
    seen: button(`Differences of ${given.promoted}`),
    allowed: button(`Promote 1 to ${env}`),
    asked: button(`Ask to promote 1 to ${env}`),
    call: ["POST", at(env, "promote"), promotion],
    change: kept(env, "promote", promotion),
  },
  {
    action: "roll_back",
    path: `${pages}/environments/${env}/versions`,
    seen: (page) => page.getByRole("list", { name: "Versions" }),
    allowed: button("Roll back"),
    asked: button("Ask to roll back"),
    call: ["POST", at(env, "rollback"), { version: given.versions[env], flags: [given.promoted] }],
    change: kept(env, "rollback", { version: given.versions[env], flags: [given.promoted] }),
  },
  {
    action: "revert",
    path: `/${given.org}/-/audit?entry=${given.entries[env]}`,
    seen: (page) => page.getByText("Number in the chain"),
    allowed: button(/^Revert/),
    open: button(/^Revert/),
    asked: asRequest,
    call: ["POST", `${org}/audit/${given.entries[env]}/revert`, {}],
    change: turnOn(given.promoted, env),
  },
  {
    action: "roll_out",
    path: `${pages}/rollouts/-/new?flag=${given.rolled}&env=${env}`,
    seen: (page) => page.getByText(/You may not/),
    allowed: button("Review"),
    open: button("Review"),
    asked: asRequest,
    call: ["POST", at(env, "rollouts"), { flag: given.rolled, ...given.plan }],
    change: kept(env, "rollouts", { flag: given.rolled, ...given.plan }),
  },
  {
    action: "schedule",
    call: ["POST", at(env, "schedules"), { change: turnOn(given.scheduled, env), at: "2099-01-01T00:00:00Z" }],
    change: turnOn(given.scheduled, env),
  },
  {
    action: "steer_rollout",
    path: `${pages}/rollouts/${given.rollouts[env]}?env=${env}`,
    seen: (page) => page.getByRole("img", { name: /step \d+ of \d+/ }),
    allowed: button("Pause"),
    call: ["POST", at(env, `rollouts/${given.rollouts[env]}/pause`), {}],
  },
  {
    action: "steer_schedule",
    path: `${pages}/schedules?env=${env}`,
    seen: (page) => page.getByText(`${given.scheduled} in ${env}`),
    allowed: button("Pause"),
    call: ["PATCH", at(env, `schedules/${given.schedules[env]}`), { state: "paused" }],
  },
  {
    action: "apply_request",
    path: `${pages}/requests/${given.requests[env].id}?env=${env === "production" ? "guarded" : "staging"}`,
    seen: approvals,
    allowed: button("Apply now"),
    call: ["POST", at(env === "production" ? "guarded" : "staging", `requests/${given.requests[env].id}/apply`), {}],
  },
];
const request = (name) => `${pages}/requests/${given.requests[name].id}?env=staging`;
const step = (name, what) => at("staging", `requests/${given.requests[name].id}/${what}`);
const probes = [
  {
    action: "compare",
    path: `${pages}/compare?from=staging&to=development`,
    allowed: button(`Differences of ${given.promoted}`),
    call: ["GET", `${at("staging", "compare")}?with=development`],
  },
  {
    action: "export_audit",
    path: `/${given.org}/-/audit`,
    allowed: button("Export"),
    call: ["GET", `${org}/audit/export`],
  },
  {
    action: "ask_for_approval",
    call: ["POST", at("staging", "requests"), { title: "Asked", changes: [turnOn(given.rolled, "staging")] }],
  },
  {
    action: "comment_request",
    path: request("approve"),
    seen: approvals,
    allowed: (page) => page.getByLabel("Add a comment"),
    call: ["POST", step("approve", "comments"), { text: "Seen." }],
  },
  {
    action: "approve",
    path: request("approve"),
    seen: approvals,
    allowed: button(/^Approve/),
    call: ["POST", step("approve", "approve"), { digest: given.requests.approve.digest }],
  },
  {
    action: "bypass_approval",
    path: request("bypass"),
    seen: approvals,
    allowed: button("Bypass approval"),
    call: ["POST", step("bypass", "bypass"), { reason: "tried" }],
  },
  ...inEnvironment("development").map((probe) => ({ ...probe, isProtected: false })),
  ...inEnvironment("production").map((probe) => ({ ...probe, isProtected: true })),
];

async function statusOf(page, [method, path, body]) {
  return page.evaluate(
    async ({ method, path, body }) => {
      const headers = { "Content-Type": "application/json", "If-Match": "*" };
      const answer = await fetch(new URL(`../api/v1${path}`, document.baseURI), {
        method,
        ...(method === "GET" ? {} : { headers, body: JSON.stringify(body) }),
      });
      return `${answer.status} ${answer.ok ? "" : await answer.text()}`;
    },
    { method, path, body },
  );
}

async function checkPage(page, { path, seen, allowed, open, asked }, kind) {
  await page.goto(to(path));
  await page.getByRole("heading", { level: 1 }).waitFor();
  if (kind === "allowed") return allowed(page).first().waitFor();
  if (kind === "ask_for_approval") {
    if (open) await open(page).first().click();
    return asked(page).first().waitFor();
  }
  await seen(page).first().waitFor();
  for (const control of [allowed, asked]) assert.equal(control ? await control(page).count() : 0, 0);
}

const wrong = [];
await inBrowser(
  async (page) => {
    await signIn(page, "/-/about");
    for (const probe of probes) {
      const { action, isProtected = false, path, call, change } = probe;
      const offered = offer(access, action, { project: given.project, environment: "any", isProtected });
      const name = `${given.role}: ${action}${isProtected ? " in a protected environment" : ""}`;
      const fault = path ? await checkPage(page, probe, offered.kind).then(() => "", (error) => error.message) : "";
      if (fault !== "") wrong.push(`${name} (${offered.kind}) on the page: ${fault.slice(0, 200)}`);
      const answered = await statusOf(page, call);
      if (!answered.startsWith(offered.kind === "allowed" ? "2" : "403")) wrong.push(`${name} (${offered.kind}): ${answered}`);
      if (offered.kind !== "ask_for_approval") continue;
      const requested = await statusOf(page, ["POST", at("production", "requests"), { title: action, changes: [change] }]);
      if (!requested.startsWith("201")) wrong.push(`${name}, asked for: ${requested}`);
    }
  },
  { allowed: ["403 "] },
);
assert.deepEqual(wrong, []);
