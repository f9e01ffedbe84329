// A form over a resource: what was typed over what was read, saved under the version that it was read with. What is not saved yet
// survives a reload of the page.
import { useState } from "react";
import type { Tagged } from "../api/client";
import { isProblem } from "../api/errors";
import { storageKey } from "./kept_forms";
import { type Attempt, useAttempt } from "./use_attempt";

interface Kept<T> {
  base: Tagged<T>;
  changes: Partial<T>;
}

export interface Edit<T> {
  value: T;
  base: T;
  isDirty: boolean;
  attempt: Attempt;
  conflict: Tagged<T> | undefined; // what others have made of it since it was read
  set: (changes: Partial<T>) => void;
  save: () => Promise<boolean>;
  overwrite: () => Promise<boolean>;
  takeTheirs: () => void;
}

type Save<T> = (changes: Partial<T>, etag: string) => Promise<Tagged<T>>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

// Of `changes`, those that change something.
export function realChanges<T extends object>(base: T, changes: Partial<T>): Partial<T> {
  const names = (Object.keys(changes) as (keyof T)[]).filter((name) => !same(changes[name], base[name]));
  return Object.fromEntries(names.map((name) => [name, changes[name]])) as unknown as Partial<T>;
}

function readKept<T>(id: string): Kept<T> | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey(id)) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function keep<T extends object>(id: string, kept: Kept<T>): void {
  try {
    if (Object.keys(kept.changes).length === 0) sessionStorage.removeItem(storageKey(id));
    else sessionStorage.setItem(storageKey(id), JSON.stringify(kept));
  } catch {
    // Without storage the form works all the same.
  }
}

export function useEdit<T extends object>(id: string, given: Tagged<T>, send: Save<T>): Edit<T> {
  const [kept, setKept] = useState<Kept<T>>(() => readKept<T>(id) ?? { base: given, changes: {} });
  const [refused, setRefused] = useState<Tagged<T>>();
  const attempt = useAttempt();
  const isDirty = Object.keys(kept.changes).length > 0;
  const base = isDirty ? kept.base : given;
  const moved = isDirty && given.etag !== base.etag ? given : undefined;
  const put = (next: Kept<T>) => {
    setKept(next);
    keep(id, next);
  };
  const submit = (etag: string) =>
    attempt.run(async () => {
      try {
        const saved = await send(kept.changes, etag);
        put({ base: saved, changes: {} });
        setRefused(undefined);
      } catch (error) {
        if (isProblem(error, 412) && error.current !== undefined)
          setRefused({ value: error.current as T, etag: error.etag ?? "" });
        throw error;
      }
    });
  const conflict = refused ?? moved;
  return {
    value: { ...base.value, ...kept.changes },
    base: base.value,
    isDirty,
    attempt,
    conflict,
    set: (changes) => put({ base, changes: realChanges(base.value, { ...kept.changes, ...changes }) }),
    save: () => submit(base.etag),
    overwrite: () => submit((conflict ?? base).etag),
    takeTheirs: () => {
      put({ base: conflict ?? base, changes: {} });
      setRefused(undefined);
      attempt.clear();
    },
  };
}
