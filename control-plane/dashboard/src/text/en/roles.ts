import { plural } from "../format";
import { texts } from "../texts";

export const roleWords = texts({
  title: "Roles",
  detail: "What each role permits. Five are built in and stay as they are; others are sets of the same permissions.",
  own: "Roles of this organisation",
  own_empty: "There are no other roles than those that are built in",
  own_empty_detail: "Make one where none of the five fits, for example to change production without managing keys.",
  new: "New role",
  create: "Create role",
  key: "Key",
  key_hint: "In requests and the audit log. It cannot be changed later.",
  name: "Name",
  description: "Description",
  like: "Begins with the permissions of",
  permissions: "Permissions",
  permissions_hint: "Only those that you have yourself.",
  built_in: "Built in",
  built_in_detail: "Built-in roles are the same in every organisation and cannot be changed.",
  saved: (name: string) => `${name} has been saved. It holds with the next request of everybody who has it.`,
  created: (name: string) => `${name} has been created.`,
  delete: "Delete role",
  delete_named: (name: string) => `Delete ${name}`,
  delete_detail: "Only a role that nobody has can be deleted.",
  deleted: (name: string) => `${name} has been deleted.`,
  holders: "Who has it",
  holders_detail:
    "In the organisation. Roles that members have in projects and environments are shown with each member.",
  n_members: (n: number) => plural(n, "member", "members"),
  nobody: "No member has it in the organisation.",
  more_than_yours: "This role permits more than you may, so you cannot change it.",
  all: "All roles",
});
