import { count, plural } from "../format";
import { texts } from "../texts";

const days = (n: number) => plural(n, "day", "days");

export const cleanupWords = texts({
  title: "Cleanup",
  detail: "Flags that look done with, each with the reason. Nothing goes by itself.",
  empty: "No flag looks done with",
  empty_detail:
    "Flags appear here when they are no longer asked for, serve everybody the same, or outlive their lifetime.",
  reason: "Reason",
  any_reason: "Any",
  reasons: {
    constant: "Same answer to all",
    unused: "Not asked for",
    expired: "Past its lifetime",
    never: "Never asked for",
  },
  since: (reason: string, when: string) => `${reason}, since ${when}`,
  created: (reason: string, when: string) => `${reason}, created ${when}`,
  keep: (variation: string) => `keep ${variation} in code`,
  callers_default: "the caller's default",
  environment: "Environment",
  all_environments: "As a whole",
  flag: "Flag",
  owner: "Owner",
  any_owner: "Any owner",
  no_owner: "no owner",
  lifetime: "Lifetime",
  asked: "Last asked for",
  never: "never",
  shown: (n: number, of: number) =>
    n === of ? plural(n, "flag", "flags") : `${count(n)} of ${plural(of, "flag", "flags")}`,

  archive: "Archive",
  archive_title: (n: number) => `Archive ${plural(n, "flag", "flags")}`,
  archive_verb: (n: number) => `Archive ${plural(n, "flag", "flags")}`,
  archived: (n: number) => `${plural(n, "flag has", "flags have")} been archived.`,
  permanent: "Mark as meant to stay",
  permanent_title: (n: number) => `Mark ${plural(n, "flag", "flags")} as meant to stay`,
  permanent_verb: "Set the lifetime to operational",
  permanent_done: (n: number) => `${plural(n, "flag is", "flags are")} meant to stay.`,
  clear: "Clear the selection",
  most: (n: number) => `At most ${count(n)} flags change at once.`,
  issue: "Copy as text for an issue",
  issue_copied: "The text has been copied.",
  issue_head: "Remove these feature flags from the code:",
  issue_line: (key: string, why: string) => `- [ ] ${key}: ${why}`,

  asks: "Who still asks",
  asks_none: "Nobody has asked for these flags in the last 90 days.",
  asks_line: (sdk: string, relay: string, env: string, when: string) => `${sdk} by ${relay} in ${env}, ${when}`,
  asks_sdk_unknown: "a program",
  asks_after: "Once a flag is archived, programs that ask for it get their own default.",
  asks_more: (n: number) => `Of ${plural(n, "further flag", "further flags")} it is not looked up here.`,

  settings: "Thresholds",
  settings_said: (constant: number, unused: number) =>
    `The same answer to all for ${days(constant)}; not asked for in ${days(unused)}.`,
  settings_lifetimes: "Past the lifetime, after days",
  constant_days: "Same answer to all, for days",
  unused_days: "Not asked for, in days",
  lifetimes: { release: "Release", experiment: "Experiment", operational: "Operational", permission: "Permission" },
  lifetime_hint: "Empty: flags of this kind are meant to stay.",
  number_bad: "Enter a number of days from 1 to 3,650.",
  saved: "The thresholds have been saved.",
});
