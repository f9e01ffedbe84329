import { texts } from "../texts";

export const memberWords = texts({
  members: "Members",
  detail: "The role here holds in all projects, unless a member has another one in a project or environment.",
  role_of: (name: string) => `Role of ${name}`,
  role: "Role",
  filter: "Filter members",
  nobody: (text: string) => `Nobody with "${text}" in name or e-mail`,
  managed: "By the directory",
  you: "You",
  since: (when: string) => `member for ${when}`,
  role_saved: (name: string, role: string) => `${name} has the role ${role} now.`,
  invite: "Invite",
  invite_title: "Invite somebody",
  invite_link: "Make the link",
  invite_done: "I have sent it",
  invite_once:
    "Send this link to the person. It works once and is not shown again; whoever has it can set the password of this account.",
  email: "E-mail",
  name: "Name",
  invitations: "Open invitations",
  invited: (when: string) => `ends ${when}`,
  withdraw: "Withdraw",
  withdraw_named: (email: string) => `Withdraw the invitation of ${email}`,
  withdraw_detail: "The link stops working.",
  withdrawn: (email: string) => `The invitation of ${email} has been withdrawn.`,
  remove: "Remove",
  remove_named: (name: string) => `Remove ${name} from the organisation`,
  remove_detail:
    "All their roles here end at once. Personal tokens stop working here; service tokens that they made go on.",
  removed: (name: string) => `${name} has been removed.`,
});
