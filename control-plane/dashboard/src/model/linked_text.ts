// Text that people have written, with the addresses of the web in it apart, so that a page can make links of these and of nothing else.

export interface TextPart {
  text: string;
  href?: string; // http or https, as the URL parser writes it
}

const address = /https?:\/\/[^\s<>"]+/gi;
const after = /[.,;:!?'’”)\]}]+$/; // what ends a sentence or a bracket around an address

function trimmed(found: string): string {
  const end = after.exec(found)?.[0] ?? "";
  // A bracket that the address itself has opened belongs to it.
  const own = end.startsWith(")") && found.slice(0, -end.length).includes("(") ? 1 : 0;
  return end === "" ? found : found.slice(0, found.length - end.length + own);
}

/** The parts together are the text. */
export function linkedText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    const shown = trimmed(match[0]);
    if (!URL.canParse(shown)) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: shown, href: new URL(shown).href });
    at = match.index + shown.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}
