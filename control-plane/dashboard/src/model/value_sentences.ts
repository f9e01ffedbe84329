// What became of listed values, for sentences.

import type { ValueList } from "./config";
import type { Texts } from "./english";
import { listed, type Sentence } from "./phrases";

export type AnyList = ValueList & { readonly variation?: string };
export type Values = {
  readonly attribute: string;
  readonly variation: string;
  readonly added: string[];
  readonly removed: string[];
};

/** What became of the values of each attribute and variation, in the order of `after` and then of `before`. */
export function valueChanges(before: readonly AnyList[], after: readonly AnyList[]): Values[] {
  const group = (lists: readonly AnyList[]): Map<string, Set<string>> => {
    const groups = new Map<string, Set<string>>();
    for (const { attribute, variation: name = "", values } of lists) {
      const key = JSON.stringify([attribute, name]);
      groups.set(key, new Set([...(groups.get(key) ?? []), ...values]));
    }
    return groups;
  };
  const [held, wanted] = [group(before), group(after)];
  return [...new Set([...wanted.keys(), ...held.keys()])].flatMap((key) => {
    const [attribute, name] = JSON.parse(key) as [string, string];
    const [old, now] = [held.get(key) ?? new Set<string>(), wanted.get(key) ?? new Set<string>()];
    const added = [...now].filter((each) => !old.has(each));
    const removed = [...old].filter((each) => !now.has(each));
    return added.length + removed.length === 0 ? [] : [{ attribute, variation: name, added, removed }];
  });
}

export const valueList = (values: readonly string[], texts: Texts): Sentence => texts.list(listed("value", values));
