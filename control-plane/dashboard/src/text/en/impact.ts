import { count, percent, plural } from "../format";
import { texts } from "../texts";

// Who gets another answer, in the review and beside the steps.
export const impactWords = texts({
  exact: "exact",
  counted: "counted",
  not_available: "not available",
  slots: "Share of all slots",
  no_split: "No split changes.",
  for: (where: string, text: string) => `${where}: ${text}`,
  of_rule: (n: number) => `Rule ${n}`,
  of_rest: "Everyone else",
  contexts: "Your test contexts",
  no_contexts: "Save contexts under Try it, and this tells which of them change.",
  contexts_change: (n: number, of: number) =>
    `${count(n)} of ${plural(of, "test context changes", "test contexts change")}`,
  context_change: (name: string, from: string, to: string) => `${name}: ${from} → ${to}`,
  callers_default: "the program's own default",
  more: (n: number) => `and ${count(n)} more`,
  evaluations: "Evaluations of the last hour",
  ended: (n: number, of: number) =>
    `${percent((100 * n) / of, 1)} ended where this changes something (${count(n)} of ${count(of)}). Not all of them get another answer.`,
  none_counted: "None was counted: no relay that reports has been asked for this flag.",
  counts_unknown: "The counts could not be read.",
  recorded: "Recorded traffic",
  recorded_none: "Relays record no contexts. Contexts of your own can be tried, up to 10,000 at once:",
  open_playground: "open the playground",
  ends_here: (n: number, of: number) => `${percent((100 * n) / of, 1)} end here`,
  ends_here_detail: (n: number, of: number) =>
    `${count(n)} of ${plural(of, "evaluation", "evaluations")} that were counted in the last hour`,
});
