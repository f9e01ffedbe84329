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

export function useShortcuts(bindings: Bindings, isActive = true): void {
  const { letterKeys = true } = usePreferences();
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    if (!isActive) return;
    let pending: Pending | null = null;
    const keyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isBehindDialog(event.target)) return;
      const name = nameOfEvent(event);
      if (isLetterKey(name) && (!letterKeys || isField(event.target))) return;
      const names = sequence(pending, name, event.timeStamp);
      pending = null;
      const found = names.map((keys) => latest.current[keys]).find((act) => act !== undefined);
      if (found) {
        event.preventDefault();
        found();
      } else if (Object.keys(latest.current).some((keys) => keys.startsWith(`${name} `))) {
        pending = { first: name, at: event.timeStamp };
      }
    };
    // A button that has the focus would be pressed by it: the sheet is sent before the button learns of it.
    const before = (event: KeyboardEvent) => {
      const send = latest.current["Ctrl+Enter"];
      if (!send || nameOfEvent(event) !== "Ctrl+Enter" || event.isComposing || isBehindDialog(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      send();
    };
    document.addEventListener("keydown", before, true);
    document.addEventListener("keydown", keyDown);
    return () => {
      document.removeEventListener("keydown", before, true);
      document.removeEventListener("keydown", keyDown);
    };
  }, [isActive, letterKeys]);
}
