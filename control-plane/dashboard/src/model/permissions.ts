// What a role may do, as one table that pages read and tests/e2e/dashboard/flows/roles.mjs compares
// with the server, and what the signed-in person may do at a place, from GET /auth/me. The server
// decides; this only shows.

/** control-plane/access/permission.hpp. */
export type Permission =
  | "read"
  | "edit"
  | "edit_protected"
  | "archive"
  | "delete"
  | "approve"
  | "bypass_approval"
  | "manage_projects"
  | "manage_environments"
  | "manage_keys"
  | "manage_tokens"
  | "manage_webhooks"
  | "manage_members"
  | "manage_roles"
  | "manage_organisation";
export const permissions: readonly Permission[] = [
  "read",
  "edit",
  "edit_protected",
  "archive",
  "delete",
  "approve",
  "bypass_approval",
  "manage_projects",
  "manage_environments",
  "manage_keys",
  "manage_tokens",
  "manage_webhooks",
  "manage_members",
  "manage_roles",
  "manage_organisation",
];

export type Role = "viewer" | "developer" | "maintainer" | "admin" | "owner";
export const roles: readonly Role[] = ["viewer", "developer", "maintainer", "admin", "owner"];

const maintaining: readonly Permission[] = ["read", "edit", "edit_protected", "archive", "approve"];
/** What the built-in roles permit; access.hpp. */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ["read"],
  developer: ["read", "edit"],
  maintainer: maintaining,
  admin: permissions.filter((permission) => permission !== "manage_organisation"),
  owner: permissions,
};

type Taken = {
  readonly takes: Permission;
  /** What it takes in a protected environment, where that is more. */
  readonly inProtected?: Permission;
  /** Whoever may edit may have others approve it, and somebody who may make it. */
  readonly byApproval?: true;
};
const change = { takes: "edit", inProtected: "edit_protected", byApproval: true } as const;
const steer = { takes: "edit", inProtected: "edit_protected" } as const;

/** Everything that a page offers, and what it takes. */
export const actions = {
  see: { takes: "read" },
  play: { takes: "read" },
  ask_why: { takes: "read" },
  compare: { takes: "read" },
  export_audit: { takes: "read" },
  create: { takes: "edit" },
  edit: change,
  toggle: change,
  promote: change,
  roll_back: change,
  revert: change,
  schedule: change,
  roll_out: change,
  ask_for_approval: { takes: "edit" },
  comment_request: { takes: "edit" },
  apply_request: steer,
  steer_schedule: steer,
  steer_rollout: steer,
  end_stage: steer,
  approve: { takes: "approve" },
  archive: { takes: "archive" },
  delete: { takes: "delete" },
  bypass_approval: { takes: "bypass_approval" },
  manage_projects: { takes: "manage_projects" },
  manage_environments: { takes: "manage_environments" },
  manage_keys: { takes: "manage_keys" },
  manage_tokens: { takes: "manage_tokens" },
  manage_webhooks: { takes: "manage_webhooks" },
  manage_members: { takes: "manage_members" },
  manage_roles: { takes: "manage_roles" },
  configure_organisation: { takes: "manage_organisation" },
  configure_retention: { takes: "manage_organisation" },
  configure_sign_on: { takes: "manage_organisation" },
  delete_organisation: { takes: "manage_organisation" },
} as const satisfies Record<string, Taken>;
export type Action = keyof typeof actions;

export function permissionFor(action: Action, isProtected = false): Permission {
  const { takes, inProtected }: Taken = actions[action];
  return isProtected && inProtected ? inProtected : takes;
}

/** The roles that may, in ascending order; what "whom to ask" names. */
export function rolesThatMay(action: Action, isProtected = false): Role[] {
  return roles.filter((role) => permissionsOfRole[role].includes(permissionFor(action, isProtected)));
}

/** An organisation in GET /auth/me. */
export type Access = {
  readonly key: string;
  readonly role: string;
  readonly lacks_second_factor: boolean;
  readonly permissions: readonly string[];
  readonly assignments: readonly {
    readonly project: string;
    readonly environment: string | null;
    readonly role: string;
    readonly permissions: readonly string[];
  }[];
};

/** A project, one of its environments, or with neither the organisation itself. */
export type Place = { readonly project?: string; readonly environment?: string; readonly isProtected?: boolean };

/** Where the role that applies at a place was given. */
export type RoleFrom = "environment" | "project" | "organisation";
type Held = { readonly role: string; readonly permissions: readonly string[]; readonly from: RoleFrom };

// The nearest role applies, alone; an owner is owner everywhere (control-plane/access/grants.hpp).
function heldAt(access: Access, { project, environment }: Place): Held {
  const everywhere: Held = { ...access, from: "organisation" };
  if (project === undefined || access.role === "owner") return everywhere;
  const at = (name: string | null, from: RoleFrom): Held | undefined => {
    const found = access.assignments.find((each) => each.project === project && each.environment === name);
    return found && { ...found, from };
  };
  return (environment === undefined ? undefined : at(environment, "environment")) ?? at(null, "project") ?? everywhere;
}

/** The permissions of a person at a place. Without a required second factor there are none. */
export function permissionsAt(access: Access, place: Place): readonly string[] {
  if (access.lacks_second_factor) return [];
  const { permissions: held } = heldAt(access, place);
  if (held.includes("read") || place.project === undefined || place.environment !== undefined) return held;
  // Whoever may read an environment may read what is common to all environments of its project.
  const reads = access.assignments.some((each) => each.project === place.project && each.permissions.includes("read"));
  return reads ? [...held, "read"] : held;
}

/** The role that applies at a place, and by which assignment. */
export function roleAt(access: Access, place: Place): { readonly role: string; readonly from: RoleFrom } {
  const { role, from } = heldAt(access, place);
  return { role, from };
}

/** A role given to somebody in a project or an environment of it. */
export type Assigned = { readonly project: string; readonly environment: string | null; readonly role: string };
type RoleSet = { readonly key: string; readonly permissions: readonly string[] };

/** What another member may do, of their roles. Roles that are not there any more permit nothing. */
export function accessOfMember(role: string, assigned: readonly Assigned[], defined: readonly RoleSet[]): Access {
  const permissionsOf = (key: string) => defined.find((each) => each.key === key)?.permissions ?? [];
  return {
    key: "",
    role,
    lacks_second_factor: false,
    permissions: permissionsOf(role),
    assignments: assigned.map((each) => ({ ...each, permissions: permissionsOf(each.role) })),
  };
}

/** Whether an action is offered as it is, as a request for approval, or not, and why not. */
export type Offer =
  | { readonly kind: "allowed" }
  | { readonly kind: "ask_for_approval"; readonly needs: Permission }
  | { readonly kind: "denied"; readonly needs: Permission; readonly ask: readonly Role[] };

/** What a person may do at a place. Changes of a protected environment take more than others. */
export function offer(access: Access, action: Action, place: Place = {}): Offer {
  const needs = permissionFor(action, place.isProtected);
  const held = permissionsAt(access, place);
  if (held.includes(needs)) return { kind: "allowed" };
  const { byApproval }: Taken = actions[action];
  if (byApproval && held.includes("edit")) return { kind: "ask_for_approval", needs };
  return { kind: "denied", needs, ask: rolesThatMay(action, place.isProtected) };
}

/** Nobody approves a request of their own. */
export function offerApproval(access: Access, place: Place, isOwnRequest: boolean): Offer {
  const offered = offer(access, "approve", place);
  return isOwnRequest && offered.kind === "allowed"
    ? { kind: "denied", needs: "approve", ask: rolesThatMay("approve") }
    : offered;
}

/** Of the roles of an organisation, those that a person can give: none with a permission that the person has not. */
export function rolesToGive<T extends RoleSet>(access: Access, defined: readonly T[], place: Place = {}): T[] {
  const held = permissionsAt(access, place);
  return defined.filter((role) => role.permissions.every((permission) => held.includes(permission)));
}
