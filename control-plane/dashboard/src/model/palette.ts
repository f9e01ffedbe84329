// The palette: fuzzy search over everything that has a name, and verbs.

export type EntryKind = "flag" | "segment" | "page" | "environment" | "person";
/** Something that can be gone to. `words`: tags and other names; `id`: what its page is opened with. */
export type PaletteEntry = {
  readonly kind: EntryKind;
  readonly id: string;
  readonly title: string;
  readonly words?: readonly string[];
};
/** Prepared once; texts are folded to lower case without accents. */
export type PaletteIndex = readonly {
  readonly entry: PaletteEntry;
  readonly texts: readonly string[];
  readonly mask: number;
}[];
/** `marks`: UTF-16 places of the id that matched, to be marked. Best first. */
export type Match = { readonly entry: PaletteEntry; readonly score: number; readonly marks: readonly number[] };

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// A bit for each letter: most entries are excluded without looking at their texts.
function maskOf(text: string): number {
  let mask = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 97 && code <= 122) mask |= 1 << (code - 97);
  }
  return mask;
}

export function preparePalette(entries: readonly PaletteEntry[]): PaletteIndex {
  return entries.map((entry) => {
    const texts = [entry.id, entry.title, ...(entry.words ?? [])].map(fold);
    return { entry, texts, mask: texts.reduce((mask, text) => mask | maskOf(text), 0) };
  });
}

const isBoundary = (text: string, at: number): boolean => at === 0 || /[^a-z0-9]/.test(text[at - 1] ?? "");

// Places of the word's letters in the text in their order, and how good that is; undefined: not there.
function scoreIn(text: string, word: string): { score: number; marks: number[] } | undefined {
  const found = text.indexOf(word);
  if (found >= 0) {
    const exact = text.length === word.length ? 60 : 0;
    const boundary = isBoundary(text, found) ? 30 : 0;
    const marks = Array.from(word, (_letter, i) => found + i);
    return { score: 100 + exact + boundary + (found === 0 ? 10 : 0) - Math.min(20, text.length / 5), marks };
  }
  const marks: number[] = [];
  let [at, score] = [0, 40];
  for (const letter of word) {
    const next = text.indexOf(letter, at);
    if (next < 0) return undefined;
    score += isBoundary(text, next) ? 4 : -Math.min(6, next - at);
    marks.push(next);
    at = next + letter.length;
  }
  return score > 0 ? { score: score - Math.min(20, text.length / 5), marks } : undefined;
}

const kindScore: Readonly<Record<EntryKind, number>> = { flag: 5, page: 4, segment: 3, environment: 2, person: 1 };

/** The best matches for what was typed; every word must match something. Without words: nothing. */
export function searchPalette(index: PaletteIndex, typed: string, most = 20): Match[] {
  const words = fold(typed)
    .split(/\s+/)
    .filter((word) => word !== "");
  const wanted = words.reduce((mask, word) => mask | maskOf(word), 0);
  if (words.length === 0) return [];
  const matches: Match[] = [];
  for (const { entry, texts, mask } of index) {
    if ((mask & wanted) !== wanted) continue;
    let total = kindScore[entry.kind];
    const marks: number[] = [];
    const isMatch = words.every((word) => {
      let best = 0;
      texts.forEach((text, i) => {
        const found = scoreIn(text, word);
        const score = found ? found.score - Math.min(i, 2) * 8 : 0;
        if (score > best) best = score;
        if (found && i === 0) marks.push(...found.marks);
      });
      total += best;
      return best > 0;
    });
    if (isMatch) matches.push({ entry, score: total, marks: [...new Set(marks)].sort((a, b) => a - b) });
  }
  return matches.sort((a, b) => b.score - a.score || (a.entry.id < b.entry.id ? -1 : 1)).slice(0, most);
}
