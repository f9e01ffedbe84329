import { count, percent, plural } from "../format";
import { texts } from "../texts";

export const flagWords = texts({
  tabs: "Parts of the flag",
  environments: "Environments",
  definition: "Definition",
  history: "History",
  uses: "Uses",
  code: "Code",
  owner: (owner: string) => `owned by ${owner}`,
  client: "also for browsers and apps",
  warnings: (n: number) => plural(n, "warning", "warnings"),
  environment: "Environment",
  no_environment: "This project has no environments that you may read.",
  version: (n: number) => `version ${n}`,
  changed: (when: string) => `changed ${when}`,
  last_hour: (n: number) => `${plural(n, "evaluation", "evaluations")} in the last hour`,
  last_hour_none: "No evaluations were counted in the last hour.",
  last_hour_unknown: "How often it was evaluated in the last hour is not known.",
  share: (variation: string, share: number) => `${variation} ${percent(share, 1)}`,
  callers_default: "caller’s default",
  requests: (n: number) => plural(n, "change request", "change requests"),
  schedules: (n: number) => `${count(n)} scheduled`,
  rollouts: (n: number) => plural(n, "rollout", "rollouts"),
  may_not: "You may not change this environment.",

  no_history: "Nothing has been changed yet.",
  difference: "Difference",
  older: "Show older changes",

  no_uses: "Nothing depends on this flag",
  no_uses_detail: "No other flag requires it.",
  has_more_uses: "There are more than are shown.",
  uses_title: (n: number) => plural(n, "place depends on this flag", "places depend on this flag"),
});
