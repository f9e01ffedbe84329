import { texts } from "../texts";

export const editLinkWords = texts({
  share: (percent: string) => `Change ${percent}`,
  split: "Split",
  rule: "Add a rule",
  try_it: "Try it",
});
