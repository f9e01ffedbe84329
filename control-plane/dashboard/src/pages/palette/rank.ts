// How well a name answers what is typed: 0 is not at all. Pure, and fast enough for 10,000 names at each key.
export function rank(typed: string, name: string): number {
  if (typed === "") return 1;
  const at = name.indexOf(typed);
  if (at === 0) return name.length === typed.length ? 100 : 80 - Math.min(20, name.length - typed.length) / 2;
  if (at > 0) return (/[a-z0-9]/.test(name[at - 1] as string) ? 40 : 60) - Math.min(20, at) / 2;
  return isSubsequence(typed, name) ? 10 : 0;
}

function isSubsequence(typed: string, name: string): boolean {
  let at = 0;
  for (const letter of typed) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

// The best `most` of the items, best first; equal ones in their order.
export function best<T>(items: readonly T[], score: (item: T) => number, most: number): T[] {
  const top: { item: T; score: number }[] = [];
  for (const item of items) {
    const given = score(item);
    if (given <= 0 || (top.length === most && given <= (top[most - 1] as { score: number }).score)) continue;
    let place = top.length;
    while (place > 0 && (top[place - 1] as { score: number }).score < given) place -= 1;
    top.splice(place, 0, { item, score: given });
    if (top.length > most) top.pop();
  }
  return top.map((one) => one.item);
}
