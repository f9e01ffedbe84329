import { count, plural } from "../format";
import { texts } from "../texts";

// Of the dialogs of the list, which come when they are opened.
export const bulkWords = texts({
  batches: (n: number, most: number) =>
    `They are sent in ${n} batches of at most ${most} flags. Each changes all of its flags or none; the findings are those of the first.`,
  more: (n: number) => `and ${plural(n, "more change", "more changes")}`,
  progress: (done: number, of: number) => `${count(done)} of ${plural(of, "flag", "flags")} done`,
  stop: "Stop",
  stopping: "Stops after this batch",
  stopped: "Stopped. What is done stays done.",
  refused: "This batch was refused, and none of its flags has been changed:",
  silent: "There was no answer. The batch may have been done; sending it again does nothing twice.",
  go_on: "Go on",
  all_done: (n: number) => `All ${plural(n, "flag", "flags")} are done.`,
  left: (n: number) => `Not done: ${plural(n, "flag", "flags")}`,
  left_selected: "They stay selected.",
  finished: (n: number) => `Done: ${plural(n, "flag", "flags")}`,

  promote_title: (n: number) => `Promote ${plural(n, "flag", "flags")}`,
  promote_same: (from: string, to: string) => `None of the selected flags differs between ${from} and ${to}.`,
  promote_some: (n: number, of: number) => `${count(n)} of ${plural(of, "flag", "flags")} differ.`,
  promote_compare: "Compare first",
});
