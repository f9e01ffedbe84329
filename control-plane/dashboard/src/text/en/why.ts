import { plural } from "../format";
import { texts } from "../texts";

export const whyWords = texts({
  title: (flag: string) => `Why ${flag}?`,
  contexts: "Contexts",
  contexts_hint:
    "Keys, one a line, or contexts as JSON. They stay in this browser: the address' fragment is never sent.",
  bad: (line: number, detail: string) => (line > 0 ? `Line ${line}: ${detail}` : detail),
  time: "At a time in the past",
  as_of: (version: string, when: string) =>
    `Answers of version ${version}, published ${when}: the newest at that time. Relays take a version in some moments later.`,
  not_kept: "No version of that time is kept.",
  gets: "gets",
  own_default: "the program's own default",
  reason: (reason: string) => `(${reason})`,
  open_step: "Show it in the editor",
  editor: "Targeting",
  draft: "This is what is published. Your draft is not in it.",
  many: (n: number) => plural(n, "context", "contexts"),
  missing: "The flag is in no ruleset of this environment.",
  failed: "The evaluator could not be started:",
});
