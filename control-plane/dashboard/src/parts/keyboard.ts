// Keys that act on the page as a whole. One-letter keys can be switched off, and never act inside fields.
import { useEffect, useRef } from "react";
import { isLetterKey, nameOf, type Pending, sequence } from "./keymap";
import { usePreferences } from "./session";

type Bindings = Readonly<Record<string, (() => void) | undefined>>; // by `keys` of the map

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") !== null);

const isBehindDialog = (target: EventTarget | null): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"]') !== null &&
  !(target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"]'));

const nameOfEvent = (event: KeyboardEvent): string =>
  nameOf({
    key: event.key,
    isCommand: event.ctrlKey || event.metaKey,
    isShift: event.shiftKey,
    isAlt: event.altKey,
  });

interface Active {
  readonly latest: { readonly current: Bindings };
  readonly letterKeys: boolean;
}

// All that are bound at present, in one listener: `g c` of the frame goes before `c` of a page.
const active = new Set<Active>();
let pending: Pending | null = null;

function found(keys: string): (() => void) | undefined {
  for (const { latest, letterKeys } of active) {
    const act = isLetterKey(keys) && !letterKeys ? undefined : latest.current[keys];
    if (act) return act;
  }
  return undefined;
}

function keyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isBehindDialog(event.target)) return;
  const name = nameOfEvent(event);
  if (isLetterKey(name) && isField(event.target)) return;
  const names = sequence(pending, name, event.timeStamp);
  pending = null;
  for (const keys of names) {
    const act = found(keys);
    if (!act) continue;
    event.preventDefault();
    act();
    return;
  }
  const begins = ({ latest, letterKeys }: Active) =>
    letterKeys && Object.keys(latest.current).some((keys) => keys.startsWith(`${name} `));
  if ([...active].some(begins)) pending = { first: name, at: event.timeStamp };
}

// A button that has the focus would be pressed by it: the sheet is sent before the button learns of it.
function sendFirst(event: KeyboardEvent): void {
  if (nameOfEvent(event) !== "Ctrl+Enter" || event.isComposing || isBehindDialog(event.target)) return;
  const send = found("Ctrl+Enter");
  if (!send) return;
  event.preventDefault();
  event.stopPropagation();
  send();
}

export function useShortcuts(bindings: Bindings, isActive = true): void {
  const { letterKeys = true } = usePreferences();
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    if (!isActive) return;
    const one = { latest, letterKeys };
    active.add(one);
    document.addEventListener("keydown", sendFirst, true); // a second time changes nothing
    document.addEventListener("keydown", keyDown);
    return () => {
      active.delete(one);
    };
  }, [isActive, letterKeys]);
}
