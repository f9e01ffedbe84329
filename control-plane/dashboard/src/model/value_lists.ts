// Edits of targets and of a segment's lists, as control-plane/body/value_lists.cpp.

import { defaultAttribute, type ValueList } from "./config";
import { Refused } from "./refusal";

/** A list as instructions see it; `variation` is missing in segments. */
export type AnyList = ValueList & { readonly variation?: string };
/** Which values: those of the elements with this attribute and variation. */
export type Which = { readonly attribute: string; readonly variation?: string };
export type ListInstruction = {
  readonly attribute?: string;
  readonly variation?: string;
  readonly values: readonly string[];
};

export function whichOf({ attribute = defaultAttribute, variation }: ListInstruction): Which {
  return variation === undefined ? { attribute } : { attribute, variation };
}

const isOf = (list: AnyList, which: Which): boolean =>
  list.attribute === which.attribute && (list.variation ?? "") === (which.variation ?? "");

// Throws if one of the values belongs to another variation of the same attribute: the first element
// that has a value decides. Otherwise those of them that some element has.
function heldValues(lists: readonly AnyList[], which: Which, values: readonly string[], place: string): Set<string> {
  const wanted = new Set(values);
  const holders = new Map<string, string>();
  for (const list of lists) {
    if (list.attribute !== which.attribute) continue;
    for (const value of list.values)
      if (wanted.has(value) && !holders.has(value)) holders.set(value, list.variation ?? "");
  }
  values.forEach((value, i) => {
    const holder = holders.get(value);
    if (holder === undefined || holder === (which.variation ?? "")) return;
    throw new Refused(
      `${place}/values/${i}`,
      "already_there",
      `\`${value}\` is a target of \`${holder}\`; remove it there first`,
    );
  });
  return new Set(holders.keys());
}

function newList<List extends AnyList>(which: Which, values: readonly string[]): List {
  const { attribute, variation } = which;
  return (variation === undefined ? { attribute, values } : { attribute, values, variation }) as List;
}

/** Values that are there already are left alone. */
export function addValues<List extends AnyList>(
  lists: readonly List[],
  by: ListInstruction,
  place: string,
): readonly List[] {
  const which = whichOf(by);
  const held = heldValues(lists, which, by.values, place);
  const added = [...new Set(by.values)].filter((value) => !held.has(value));
  if (added.length === 0) return lists;
  const index = lists.findIndex((list) => isOf(list, which));
  if (index < 0) return [...lists, newList<List>(which, added)];
  return lists.map((list, i) => (i === index ? { ...list, values: [...list.values, ...added] } : list));
}

/** Values that are not there need no removal; a list without values goes. */
export function removeValues<List extends AnyList>(lists: readonly List[], by: ListInstruction): readonly List[] {
  const which = whichOf(by);
  const removed = new Set(by.values);
  return lists.flatMap((list) => {
    if (!isOf(list, which) || !list.values.some((value) => removed.has(value))) return [list];
    const values = list.values.filter((value) => !removed.has(value));
    return values.length === 0 ? [] : [{ ...list, values }];
  });
}

/** All values of the attribute and variation, wherever they stood, become these. */
export function replaceValues<List extends AnyList>(
  lists: readonly List[],
  by: ListInstruction,
  place: string,
): readonly List[] {
  const which = whichOf(by);
  heldValues(lists, which, by.values, place);
  const first = lists.findIndex((list) => isOf(list, which));
  if (first < 0) return by.values.length === 0 ? lists : [...lists, newList<List>(which, by.values)];
  return lists.flatMap((list, i) => {
    if (!isOf(list, which)) return [list];
    return i === first && by.values.length > 0 ? [{ ...list, values: by.values }] : [];
  });
}
