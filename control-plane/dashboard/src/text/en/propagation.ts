import { count, duration, plural } from "../format";
import { texts } from "../texts";

const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const minute = 60;
const seconds = (n: number): string => (n < minute ? `${tenth.format(Math.max(0, n))} s` : duration(Math.round(n)));

export const propagationWords = texts({
  title: (env: string) => `Propagation to ${env}`,
  detail: "Which relays have a version. Programs get it from their relay within milliseconds after that.",
  newest: "The newest version",
  have: (n: number, of: number) => `${count(n)} of ${plural(of, "relay has", "relays have")} it`,
  complete: "All relays have it.",
  waiting: "Counting up by itself.",
  after: "After",
  seconds,
  half: (n: number) => `Half of them had it after ${seconds(n)}.`,
  all: (n: number) => `All had it after ${seconds(n)}.`,
  held: "The others get it when it is released.",
  taken_back: "It has been taken back: no relay gets it any more.",
  none: "No relay serves this environment yet.",
  none_detail: "The version is published; a relay that connects gets it at once.",
  published: (when: string, who: string) => `Published ${when} by ${who}`,
  system: "Fanion",
  acceptance: "The relay continues to serve the version before.",
  all_relays: "All relays of the organisation",
  show_newest: "Show the newest",

  stages: "Stages",
  states: {
    held: "Held back",
    released: "Released to all relays",
    withdrawn: "Withdrawn",
    replaced: "A later version has its content too",
  },
  waits_for: {
    no_canaries: "No canary is connected; it waits for one.",
    not_everywhere: "Not every canary has it yet.",
    lost: "A canary has fallen silent; it is waited for, five minutes at most.",
    soaking: "The connected canaries have it.",
    soaked: "The soak time is over; it goes on.",
    rejected: "A canary rejects it; it is withdrawn.",
    quarantined: "A canary has crashed with it; it is withdrawn.",
    timed_out: "It has been held for too long; it is withdrawn.",
  },
  reasons: {
    soaked: "after the soak time",
    no_canaries: "without canaries",
    rejected: "because a canary rejected it",
    quarantined: "because a canary crashed with it",
    timed_out: "because it was held for too long",
  },
  by_person: (who: string) => `by ${who}`,
  ended: (when: string, why: string) => `${when}, ${why}`,
  steps: { canaries: (label: string) => `Canaries (${label})`, soak: "Soak time", others: "All other relays" },
  step_states: { done: "Done", now: "Under way", next: "To come", failed: "Stopped" },
  canaries: (has: number, of: number) => `${count(has)} of ${plural(of, "canary has", "canaries have")} it`,
  no_canary: "No canary is connected",
  rejecting: (n: number) => `${plural(n, "rejects", "reject")} it`,
  lost: (n: number) => `${plural(n, "has", "have")} fallen silent`,
  soak_until: (at: string, when: string) => `until ${at} (${when})`,
  others_have: (version: string) => `have version ${version} meanwhile`,
  hold_until: (at: string, when: string) => `Withdrawn at ${at} (${when}) if it has not gone on by then.`,
  next: (version: string) => `Version ${version} has the content of before.`,
  kept: "Not put back",
  kept_detail:
    "Something else than the configuration was changed: a variation, or that it exists at all. It is published as before until it is changed again.",

  release: "Release to all relays",
  release_title: (version: string, env: string) => `Release version ${version} to all relays of ${env}`,
  release_detail: (n: number) => `${plural(n, "relay gets", "relays get")} it within about a second.`,
  release_early: "The soak time is not over.",
  withdraw: "Withdraw",
  withdraw_title: (version: string, env: string) => `Withdraw version ${version} from ${env}`,
  withdraw_verb: "Withdraw the version",
  withdraw_detail: (version: string) =>
    `Canaries get the content of version ${version} again, as a new version. The configurations that were changed since are put back:`,
  withdraw_all: "The configurations that were changed since are put back.",
  released_done: (version: string) => `Version ${version} goes to all relays.`,
  withdrawn_done: (version: string) => `Version ${version} has been withdrawn.`,
  comment: "Comment",
});
