import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type Access,
  type Action,
  accessOfMember,
  actions,
  offer,
  offerApproval,
  type Place,
  permissions,
  permissionsAt,
  permissionsOfRole,
  type Role,
  roleAt,
  roles,
  rolesThatMay,
  rolesToGive,
} from "./permissions";

const access = (role: Role, assignments: Access["assignments"] = []): Access => ({
  key: "acme",
  role,
  lacks_second_factor: false,
  permissions: permissionsOfRole[role],
  assignments,
});
const place = (project?: string, environment?: string): Place => ({
  ...(project === undefined ? {} : { project }),
  ...(environment === undefined ? {} : { environment }),
});
const given = (project: string, environment: string | null, role: Role) => ({
  project,
  environment,
  role,
  permissions: permissionsOfRole[role],
});

test("the matrix of roles", () => {
  // The rows of the design's table: actions, and for each role ✓, a request, or -; then in protected environments.
  const rows: [Action[], string, string][] = [
    [["see", "play", "ask_why", "compare", "export_audit"], "✓✓✓✓✓", "✓✓✓✓✓"],
    [["create", "ask_for_approval", "comment_request"], "-✓✓✓✓", "-✓✓✓✓"],
    [["edit", "toggle", "promote", "roll_back", "revert", "schedule", "roll_out"], "-✓✓✓✓", "-?✓✓✓"],
    [["apply_request", "steer_schedule", "steer_rollout", "end_stage"], "-✓✓✓✓", "--✓✓✓"],
    [["approve", "archive"], "--✓✓✓", "--✓✓✓"],
    [
      [
        "delete",
        "manage_environments",
        "manage_keys",
        "manage_tokens",
        "manage_webhooks",
        "manage_members",
        "manage_roles",
        "bypass_approval",
        "manage_projects",
      ],
      "---✓✓",
      "---✓✓",
    ],
    [["configure_organisation", "configure_retention", "configure_sign_on", "delete_organisation"], "----✓", "----✓"],
  ];
  const signs = { allowed: "✓", ask_for_approval: "?", denied: "-" };
  const row = (action: Action, isProtected: boolean) =>
    roles.map((role) => signs[offer(access(role), action, { isProtected }).kind]).join("");
  for (const [list, open, guarded] of rows)
    for (const action of list) expect([action, row(action, false), row(action, true)]).toEqual([action, open, guarded]);
  expect(rows.flatMap(([list]) => list).sort()).toEqual(Object.keys(actions).sort());
});

test("the permissions are the server's", () => {
  const source = readFileSync(new URL("../../../access/permission.cpp", import.meta.url), "utf8");
  const names = [...(/permission_names\{([^}]*)\}/.exec(source)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(
    (name) => name[1],
  );
  expect(names.slice(3)).toEqual(permissions);
});

test("the nearest role applies, alone, and an owner is owner everywhere", () => {
  const mixed = access("developer", [
    given("web", null, "viewer"),
    given("web", "production", "maintainer"),
    given("app", "staging", "developer"),
  ]);
  const at = (project?: string, environment?: string) => roleAt(mixed, place(project, environment));
  expect(at()).toEqual({ role: "developer", from: "organisation" });
  expect(at("web")).toEqual({ role: "viewer", from: "project" });
  expect(at("web", "staging")).toEqual({ role: "viewer", from: "project" });
  expect(at("web", "production")).toEqual({ role: "maintainer", from: "environment" });
  expect(at("app")).toEqual({ role: "developer", from: "organisation" });
  expect(at("app", "staging")).toEqual({ role: "developer", from: "environment" });
  const owner = access("owner", [given("web", null, "viewer")]);
  expect(roleAt(owner, { project: "web" })).toEqual({ role: "owner", from: "organisation" });
});

test("another member's access is put together of their roles", () => {
  const defined = [
    ...roles.map((key) => ({ key, permissions: permissionsOfRole[key] })),
    { key: "none", permissions: [] },
  ];
  const bob = accessOfMember("none", [{ project: "web", environment: "production", role: "maintainer" }], defined);
  expect(permissionsAt(bob, {})).toEqual([]);
  expect(permissionsAt(bob, place("web"))).toEqual(["read"]);
  expect(permissionsAt(bob, place("web", "production"))).toEqual(permissionsOfRole.maintainer);
  expect(permissionsAt(accessOfMember("deleted", [], defined), {})).toEqual([]);
});

test("whoever may read an environment may read its project", () => {
  const none = { ...access("viewer", [given("web", "staging", "viewer")]), permissions: [] };
  expect(permissionsAt(none, { project: "web" })).toEqual(["read"]);
  expect(permissionsAt(none, { project: "web", environment: "production" })).toEqual([]);
  expect(permissionsAt(none, { project: "app" })).toEqual([]);
  expect(permissionsAt({ ...access("owner"), lacks_second_factor: true }, {})).toEqual([]);
});

test("protected environments, approvals, and whom to ask", () => {
  const production = { project: "web", environment: "production", isProtected: true };
  expect(offer(access("developer"), "toggle", production)).toEqual({
    kind: "ask_for_approval",
    needs: "edit_protected",
  });
  expect(offer(access("developer"), "toggle", { ...production, isProtected: false })).toEqual({ kind: "allowed" });
  expect(offer(access("viewer"), "promote", production)).toEqual({
    kind: "denied",
    needs: "edit_protected",
    ask: ["maintainer", "admin", "owner"],
  });
  expect(offer(access("viewer"), "see", production).kind).toBe("allowed");
  expect(offerApproval(access("maintainer"), production, false).kind).toBe("allowed");
  expect(offerApproval(access("maintainer"), production, true).kind).toBe("denied");
  expect(offerApproval(access("developer"), production, false).kind).toBe("denied");
  expect(rolesThatMay("archive")).toEqual(["maintainer", "admin", "owner"]);
});

test("nobody gives a role with a permission that they lack", () => {
  const defined = [
    ...roles.map((key) => ({ key, permissions: permissionsOfRole[key] })),
    { key: "none", permissions: [] },
  ];
  const given = (role: Role) => rolesToGive(access(role), defined).map(({ key }) => key);
  expect(given("admin")).toEqual(["viewer", "developer", "maintainer", "admin", "none"]);
  expect(given("owner")).toEqual([...roles, "none"]);
  expect(given("viewer")).toEqual(["viewer", "none"]);
});
