// Every key of the dashboard: what it is called, what is pressed, where it belongs. Pure; keyboard.ts listens.

export type KeyGroup = "everywhere" | "lists" | "editing" | "going";
export interface KeyEntry {
  id: string;
  keys: string; // as pressed: "Ctrl+k", "g f", "/"
  shown: string; // as written for people
  group: KeyGroup;
}

export const keymap: readonly KeyEntry[] = [
  { id: "palette", keys: "Ctrl+k", shown: "Ctrl K", group: "everywhere" },
  { id: "help", keys: "?", shown: "?", group: "everywhere" },
  { id: "messages", keys: "F6", shown: "F6", group: "everywhere" },
  { id: "create", keys: "c", shown: "c", group: "everywhere" },
  { id: "filter", keys: "/", shown: "/", group: "lists" },
  { id: "down", keys: "j", shown: "j ↓", group: "lists" },
  { id: "up", keys: "k", shown: "k ↑", group: "lists" },
  { id: "open", keys: "Enter", shown: "Enter", group: "lists" },
  { id: "select", keys: "x", shown: "x", group: "lists" },
  { id: "select_all", keys: "Shift+X", shown: "Shift X", group: "lists" },
  { id: "archive", keys: "e", shown: "e", group: "lists" },
  { id: "previous", keys: "[", shown: "[", group: "lists" },
  { id: "next", keys: "]", shown: "]", group: "lists" },
  { id: "environment", keys: "1", shown: "1 … 9", group: "editing" },
  { id: "rule", keys: "r", shown: "r", group: "editing" },
  { id: "split", keys: "%", shown: "%", group: "editing" },
  { id: "undo", keys: "Ctrl+z", shown: "Ctrl Z", group: "editing" },
  { id: "redo", keys: "Ctrl+Shift+Z", shown: "Ctrl Shift Z", group: "editing" },
  { id: "review", keys: "Ctrl+s", shown: "Ctrl S", group: "editing" },
  { id: "publish", keys: "Ctrl+Enter", shown: "Ctrl Enter", group: "editing" },
  { id: "promote", keys: "p", shown: "p", group: "editing" },
  { id: "approve", keys: "a", shown: "a", group: "editing" },
  { id: "revert", keys: "u", shown: "u", group: "editing" },
];

export interface Press {
  key: string;
  isCommand: boolean; // Ctrl, on a Mac also ⌘
  isShift: boolean;
  isAlt: boolean;
}

// "Ctrl+k". Shift is named with Ctrl and for letters; elsewhere it is part of the character.
export function nameOf({ key, isCommand, isShift, isAlt }: Press): string {
  const isLetter = /^[a-zA-Z]$/.test(key);
  const named =
    isShift && (isLetter || isCommand)
      ? `Shift+${isLetter ? key.toUpperCase() : key}`
      : isLetter
        ? key.toLowerCase()
        : key;
  return `${isCommand ? "Ctrl+" : ""}${isAlt ? "Alt+" : ""}${named}`;
}

export const patience = 1_200; // between the keys of a sequence

// What has been pressed so far, of sequences; `null`: nothing.
export interface Pending {
  first: string;
  at: number;
}

// Keys that act now: the whole sequence first, so that `g f` is not `f`.
export function sequence(pending: Pending | null, name: string, now: number): string[] {
  const goes_on = pending !== null && now - pending.at <= patience;
  return goes_on ? [`${pending.first} ${name}`] : [name];
}

export const isLetterKey = (name: string): boolean => !name.includes("Ctrl+") && name !== "Enter" && name !== "Escape";
