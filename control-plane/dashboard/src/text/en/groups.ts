import { plural } from "../format";
import { texts } from "../texts";

export const groupWords = texts({
  title: "Groups",
  detail: "Those that the directory or the last single sign-on of members told of.",
  empty: "No groups are known",
  empty_detail:
    "Groups come from the organisation's directory (SCIM) or from the ID tokens of single sign-on. There are none to make here.",
  name: "Group",
  source: "Known from",
  sources: { scim: "directory", sign_in: "sign-in" },
  members: "Members",
  n_members: (n: number) => plural(n, "member", "members"),
  gives: "Gives",
  nothing: "no role",
  rules: "Roles that groups give",
  rules_detail:
    "Applied to everybody whose groups are known, at once and at each sign-in. Of the rules for the organisation, the first one for a group of the person counts. A role that somebody gave by hand stays.",
  rules_empty: "No group gives a role yet.",
  rule: (n: number) => `Rule ${n}`,
  role: "Role",
  where: "Where",
  organisation: "Organisation",
  in_place: (role: string, place: string) => `${role} in ${place}`,
  add: "Add rule",
  up: (n: number) => `Move rule ${n} up`,
  remove: (n: number) => `Remove rule ${n}`,
  fallback: "Whom no rule gives a role",
  no_member: "Is no member",
  saved: "The roles of groups have been saved and applied.",
});
