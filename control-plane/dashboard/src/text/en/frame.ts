import { clock } from "../format";
import { texts } from "../texts";

export const frameWords = texts({
  menu: "Main menu",
  open_menu: "Open the menu",
  organisation: "Organisation",
  organisations: "Organisations",
  project: "Project",
  projects: "Projects",
  all_projects: "All projects",
  choose_project: "Choose a project",
  me: "You",
  search: "Search or do",
  notifications: "Messages",
  signed_in_as: (email: string) => `Signed in as ${email}`,
  sign_out: "Sign out",
  about: "About",

  live: "Live",
  live_detail: "Changes of others appear by themselves.",
  polling: "15 s",
  polling_detail: "There is no stream of changes; the page asks every 15 seconds.",
  offline: "Offline",
  offline_detail: (since: number) => `No contact with the control plane since ${clock(since)}.`,
  closed: "Connecting",
  closed_detail: "The stream of changes is being opened.",

  needs_factor: "A second factor is required here",
  signed_out: "You are signed out",
  signed_out_detail: "Your session has ended. Sign in to go on where you are; nothing that you have typed is lost.",
});

export const menuWords = texts({
  home: "Home",
  projects: "Projects",
  flags: "Flags",
  segments: "Segments",
  playground: "Playground",
  compare: "Compare",
  requests: "Requests",
  evaluations: "Evaluations",
  experiments: "Experiments",
  cleanup: "Cleanup",
  schedules: "Schedules",
  rollouts: "Rollouts",
  audit: "Audit",
  relays: "Relays",
  members: "Members",
  roles: "Roles",
  keys: "Keys",
  tokens: "Service tokens",
  webhooks: "Webhooks",
  groups: "Groups",
  "sign-in": "Sign-in",
  settings: "Settings",
  profile: "Profile",
  sessions: "Sessions",
  own_tokens: "Personal tokens",
  preferences: "Preferences",
  shortcuts: "Keyboard",
});

export const presenceWords = texts({
  edits: (who: string) => `${who} edits here`,
  looks: (who: string) => `${who} is here`,
  detail: "If two people change the same, the second is shown both versions; nothing is lost.",
});
