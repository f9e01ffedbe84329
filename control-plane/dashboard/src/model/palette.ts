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

// How well the word's letters stand in the text in their order; 0: they do not.
function scoreIn(text: string, word: string): number {
  const long = Math.min(20, text.length / 5);
  const found = text.indexOf(word);
  if (found >= 0) {
    const exact = text.length === word.length ? 60 : 0;
    return 100 + exact + (isBoundary(text, found) ? 30 : 0) + (found === 0 ? 10 : 0) - long;
  }
  let [at, score] = [0, 40];
  for (const letter of word) {
    const next = text.indexOf(letter, at);
    if (next < 0) return 0;
    score += isBoundary(text, next) ? 4 : -Math.min(6, next - at);
    at = next + letter.length;
  }
  return score > 0 ? Math.max(1, score - long) : 0;
}

// The places of the word's letters, as scoreIn() finds them.
function marksIn(text: string, word: string): number[] {
  const found = text.indexOf(word);
  if (found >= 0) return Array.from({ length: word.length }, (_, i) => found + i);
  const marks: number[] = [];
  let at = 0;
  for (const letter of word) {
    const next = text.indexOf(letter, at);
    if (next < 0) return [];
    marks.push(next);
    at = next + letter.length;
  }
  return marks;
}

const kindScore: Readonly<Record<EntryKind, number>> = { flag: 5, page: 4, segment: 3, environment: 2, person: 1 };

// The sum over all words of the best that a text has; 0 where a word matches nothing.
function scoreOf(texts: readonly string[], words: readonly string[]): number {
  let total = 0;
  for (const word of words) {
    let best = 0;
    for (let i = 0; i < texts.length; i += 1) {
      const score = scoreIn(texts[i] ?? "", word);
      if (score > 0) best = Math.max(best, score - Math.min(i, 2) * 8, 1);
    }
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

/** The best matches for what was typed; every word must match something. Without words: nothing. */
export function searchPalette(index: PaletteIndex, typed: string, most = 20): Match[] {
  const words = fold(typed)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const wanted = words.reduce((mask, word) => mask | maskOf(word), 0);
  const found: { entry: PaletteEntry; texts: readonly string[]; score: number }[] = [];
  for (const { entry, texts, mask } of index) {
    const score = (mask & wanted) === wanted ? scoreOf(texts, words) : 0;
    if (score > 0) found.push({ entry, texts, score: score + kindScore[entry.kind] });
  }
  const best = found.sort((a, b) => b.score - a.score || (a.entry.id < b.entry.id ? -1 : 1)).slice(0, most);
  return best.map(({ entry, texts: [id = ""], score }) => {
    const marks = words.flatMap((word) => (scoreIn(id, word) > 0 ? marksIn(id, word) : []));
    return { entry, score, marks: [...new Set(marks)].sort((a, b) => a - b) };
  });
}
