// Sentences as typed parts, so that a page can mark variations, link flags and cut long values.

export type Part =
  | { readonly kind: "text"; readonly text: string }
  /** A name or value that is set apart: `variation` is drawn in its colour, the others can be links. */
  | { readonly kind: PartKind; readonly text: string };
export type PartKind =
  | "variation"
  | "value"
  | "rule"
  | "condition"
  | "flag"
  | "segment"
  | "environment"
  | "person"
  | "relay"
  | "resource";
export type Sentence = readonly Part[];
/** Something to be put into a sentence. */
export type Piece = string | number | Part | Sentence;

export const part = (kind: PartKind, text: string): Part => ({ kind, text });
export const variation = (key: string): Part => part("variation", key);
export const value = (text: string): Part => part("value", text);

const isSentence = (piece: Piece): piece is Sentence => Array.isArray(piece);
const partsOf = (piece: Piece): Sentence => {
  if (typeof piece === "string" || typeof piece === "number") return [{ kind: "text", text: String(piece) }];
  return isSentence(piece) ? piece : [piece];
};

/** As the beginning of a line: with a capital letter, unless it begins with something that is set apart. */
export function capitalised(sentence: Sentence): Sentence {
  const [first, ...others] = sentence;
  if (first?.kind !== "text") return sentence;
  return [{ kind: "text", text: first.text.slice(0, 1).toUpperCase() + first.text.slice(1) }, ...others];
}

/** Neighbouring texts are one part, empty ones none. */
export function joinParts(pieces: readonly Piece[]): Sentence {
  const joined: Part[] = [];
  for (const next of pieces.flatMap(partsOf)) {
    const last = joined.at(-1);
    if (next.kind === "text" && last?.kind === "text")
      joined[joined.length - 1] = { kind: "text", text: last.text + next.text };
    else if (next.kind !== "text" || next.text !== "") joined.push(next);
  }
  return joined;
}

/** say`${variation("on")} to ${25} %` */
export function say(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Sentence {
  return joinParts(texts.flatMap((text, i): Piece[] => (i < pieces.length ? [text, pieces[i] ?? ""] : [text])));
}

/** Pieces with something between them. */
export function between(pieces: readonly Piece[], separator: string, last = separator): Sentence {
  return joinParts(
    pieces.flatMap((piece, i): Piece[] => (i === 0 ? [piece] : [i === pieces.length - 1 ? last : separator, piece])),
  );
}

/** The sentence as text; `mark` says how what is set apart is written, by default as it is. */
export function plainText(sentence: Sentence, mark: (part: Part) => string = ({ text }) => text): string {
  return sentence.map((one) => (one.kind === "text" ? one.text : mark(one))).join("");
}

/** As the control plane writes its sentences: what is set apart in backticks, conditions as they are. */
export function quotedText(sentence: Sentence): string {
  const isBare = (kind: Part["kind"]): boolean => kind === "condition" || kind === "environment";
  return plainText(sentence, ({ kind, text }) => (isBare(kind) ? shortened(text, 200) : `\`${shortened(text, 100)}\``));
}

/** At most so many bytes of UTF-8, at the end of a character, and `..` where something is missing. */
export function shortened(text: string, bytes: number): string {
  let size = 0;
  let end = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (size <= bytes) end += character.length;
  }
  return size <= bytes ? text : `${text.slice(0, end)}..`;
}

/** Names with commas and `and`; of more than `shown` + 1, the rest is counted. */
export function listed(
  kind: PartKind,
  texts: readonly string[],
  shown = 5,
): { readonly parts: Sentence; readonly more: number } {
  const isCut = texts.length > shown + 1;
  const parts = texts.slice(0, isCut ? shown : texts.length).map((text) => part(kind, text));
  return { parts: between(parts, ", ", isCut ? ", " : " and "), more: isCut ? texts.length - shown : 0 };
}
