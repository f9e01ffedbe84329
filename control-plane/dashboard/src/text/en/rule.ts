import { texts } from "../texts";

// A rule as a whole: where it stands, and where else it is wanted.
export const ruleWords = texts({
  copy: "Copy to another environment or flag",
  copy_title: "Copy the rule",
  copy_detail: "It becomes the last rule of the draft there, and is reviewed and published there.",
  copy_verb: (env: string) => `Copy into the draft of ${env}`,
  copy_missing: (flag: string, variations: string) => `${flag} has no variation ${variations}.`,
  copied: (flag: string, env: string) => `The rule is in your draft of ${flag} in ${env}.`,
  open_draft: "Open the draft",
  flag: "Flag",
  environment: "Environment",
  show_hiding: (n: number) => `Show rule ${n}`,
});
