import { texts } from "../texts";

const line = (detail: string) => (n: number) => `Line ${n}: ${detail}`;

export const startWords = texts({
  start: "Start a rollout",
  title: "New rollout",
  detail:
    "Others get the new variation step by step. Whoever has it keeps it; a guard stops it when something is wrong.",
  whom: "Whose users",
  everyone: "Everyone else",
  rule: (n: number) => `Rule ${n}`,
  to: "To",
  from: (variation: string) => `They get ${variation} now.`,
  steps: "Steps",
  steps_hint: "One a line: the share, and how long it holds before the next.",
  faults: {
    not_a_step: line("a step is written as 5 % for 1h."),
    not_a_share: line("the share is more than 0 and at most 100 %."),
    not_growing: line("each share is larger than the one before."),
    no_hold: line("every step but the last holds for a time."),
    no_steps: line("there is no step."),
    too_many: line("a plan has at most 50 steps."),
  },
  guard: "Roll back when more than 1 % of evaluations end in an error, over 10 minutes",
  review: "Review",
  review_title: (flag: string, env: string) => `Start a rollout of ${flag} in ${env}`,
  verb: (env: string) => `Start in ${env}`,
  sentence: (from: string, to: string) => `From ${from} to ${to}, in these steps:`,
});
