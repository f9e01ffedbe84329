// What was typed into forms and is not saved: in this tab, until it is saved or the person is another one.
import type { Tagged } from "../api/client";

export interface Kept<T> {
  base: Tagged<T>;
  changes: Partial<T>;
}

const prefix = "fanion-form/";
const storageKey = (id: string): string => prefix + id;

// What is not saved is for whom typed it.
export function forgetForms(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  } catch {
    // Without storage nothing is kept.
  }
}

export function readKept<T>(id: string): Kept<T> | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey(id)) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep<T extends object>(id: string, kept: Kept<T>): void {
  try {
    if (Object.keys(kept.changes).length === 0) sessionStorage.removeItem(storageKey(id));
    else sessionStorage.setItem(storageKey(id), JSON.stringify(kept));
  } catch {
    // Without storage the form works all the same.
  }
}
