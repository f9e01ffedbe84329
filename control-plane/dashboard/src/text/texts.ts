// Every text of the interface stands in this folder, as a string or as a function of what it contains. In tests all of them can be
// made longer by 40 % and put in brackets, which shows what is cut off, and what is written elsewhere.

type Text = string | ((...values: never[]) => string);
export interface Texts {
  [name: string]: Text | Texts;
}

const accents: Record<string, string> = {
  a: "á",
  e: "é",
  i: "í",
  o: "ó",
  u: "ú",
  A: "Á",
  E: "É",
  I: "Í",
  O: "Ó",
  U: "Ú",
};

export function pseudo(text: string): string {
  const longer = text.replace(/[aeiouAEIOU]/g, (letter) => accents[letter] as string);
  return `[${longer}${"~".repeat(Math.ceil(text.length * 0.4))}]`;
}

export function pseudoTexts<T extends Texts>(texts: T): T {
  const made = Object.entries(texts).map(([name, text]) => {
    if (typeof text === "string") return [name, pseudo(text)];
    if (typeof text === "function") return [name, (...values: never[]) => pseudo(text(...values))];
    return [name, pseudoTexts(text)];
  });
  return Object.fromEntries(made) as T;
}

const root = typeof document === "undefined" ? undefined : document.documentElement;
const is_pseudo = root?.dataset.pseudo !== undefined;

export const direction: "ltr" | "rtl" = root?.dir === "rtl" ? "rtl" : "ltr";
// The words are English; what React Aria takes from a locale is the direction.
export const locale = direction === "rtl" ? "ar-EG" : "en-US";

export function texts<T extends Texts>(written: T): T {
  return is_pseudo ? pseudoTexts(written) : written;
}
