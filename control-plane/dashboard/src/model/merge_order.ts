// Orders of rules that two people have changed.

// After which element of `base` each of the others stands; "" is the beginning.
function insertedIn(base: readonly string[], order: readonly string[]): Map<string, string[]> {
  const known = new Set(base);
  const gaps = new Map<string, string[]>();
  let after = "";
  for (const element of order) {
    if (known.has(element)) after = element;
    else gaps.set(after, [...(gaps.get(after) ?? []), element]);
  }
  return gaps;
}

function isReordered(base: readonly string[], order: readonly string[]): boolean {
  const common = order.filter((element) => base.includes(element));
  const held = base.filter((element) => order.includes(element));
  return common.some((element, i) => element !== held[i]);
}

const sameOrder = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i]);

/**
 * The order that has the changes of both, the same whoever came first; undefined if they overlap:
 * both have inserted at one place, or the same at two, or one has moved what the other has inserted between. Elements
 * that either has removed may still be in it. Elements are not empty.
 */
export function mergeOrder(
  base: readonly string[],
  theirs: readonly string[],
  mine: readonly string[],
): string[] | undefined {
  if (sameOrder(theirs, mine)) return [...theirs];
  const [theirGaps, myGaps] = [insertedIn(base, theirs), insertedIn(base, mine)];
  const [theyMoved, iMoved] = [isReordered(base, theirs), isReordered(base, mine)];
  if (theyMoved || iMoved) {
    if (theyMoved && (iMoved || myGaps.size > 0)) return undefined;
    if (iMoved && theirGaps.size > 0) return undefined;
    return theyMoved ? [...theirs] : [...mine];
  }
  const merged: string[] = [];
  for (const element of ["", ...base]) {
    const [theirNew, myNew] = [theirGaps.get(element), myGaps.get(element)];
    if (theirNew && myNew && !sameOrder(theirNew, myNew)) return undefined;
    if (element !== "") merged.push(element);
    merged.push(...(theirNew ?? myNew ?? []));
  }
  // Both have inserted the same element, at different places.
  return new Set(merged).size === merged.length ? merged : undefined;
}

/** The order of `chosen`, and what only `other` has behind what it stands behind there. */
export function orderAs(chosen: readonly string[], other: readonly string[]): string[] {
  const made = [...chosen];
  other.forEach((element, i) => {
    if (made.includes(element)) return;
    const before = other.slice(0, i).findLast((earlier) => made.includes(earlier));
    made.splice(before === undefined ? 0 : made.indexOf(before) + 1, 0, element);
  });
  return made;
}
