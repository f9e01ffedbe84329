import { texts } from "../texts";

// What the keys do, in the order of the help.
export const keyWords: Readonly<Record<string, string>> = texts({
  palette: "Search, or do something by name",
  filter: "Filter the list",
  down: "Next row",
  up: "Previous row",
  open: "Open",
  select: "Select",
  select_all: "Select all shown",
  next: "Next of the list one came from",
  previous: "Previous of the list one came from",
  environment: "First to ninth environment",
  rule: "Add a rule",
  split: "Next percentage",
  undo: "Undo in the draft",
  redo: "Redo in the draft",
  review: "Review the draft",
  publish: "Publish",
  create: "Create",
  promote: "Promote",
  approve: "Approve",
  revert: "Revert",
  archive: "Archive",
  go: "Go to a page",
  help: "This list",
  messages: "The newest message, with its Undo",
});

export const keyGroups = texts({
  everywhere: "Everywhere",
  lists: "Lists",
  editing: "Editing",
  going: "Going to pages",
});
