// The verbs of the palette: `on|off FLAG [ENV]`, `why FLAG [KEY]`, `promote FLAG [FROM TO]`, `new
// flag|segment NAME`, `env KEY`, `go PAGE`, `copy key|curl|link`. What a verb shows before it acts is
// made from the command; a protected environment always goes through its dialog.

export type Command =
  | { readonly verb: "on" | "off"; readonly flag: string; readonly environment: string | undefined }
  | { readonly verb: "why"; readonly flag: string; readonly key: string | undefined }
  | {
      readonly verb: "promote";
      readonly flag: string;
      readonly from: string | undefined;
      readonly to: string | undefined;
    }
  | { readonly verb: "new"; readonly what: "flag" | "segment"; readonly name: string }
  | { readonly verb: "env"; readonly environment: string }
  | { readonly verb: "go"; readonly page: string }
  | { readonly verb: "copy"; readonly what: "key" | "curl" | "link" };
export type Verb = Command["verb"];

/** What stands where, for completion and help. */
export const verbForms: Readonly<Record<Verb, readonly VerbPart[]>> = {
  on: ["flag", "environment?"],
  off: ["flag", "environment?"],
  why: ["flag", "key?"],
  promote: ["flag", "environment?", "environment?"],
  new: ["flag|segment", "name"],
  env: ["environment"],
  go: ["page"],
  copy: ["key|curl|link"],
};
export type VerbPart =
  | "flag"
  | "environment"
  | "environment?"
  | "key?"
  | "flag|segment"
  | "name"
  | "page"
  | "key|curl|link";

/** `incomplete`: what is to be typed next; `unknown`: what does not fit where it stands. */
export type Typed =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "incomplete"; readonly verb: Verb; readonly expected: VerbPart; readonly typed: string }
  | { readonly kind: "unknown"; readonly verb: Verb; readonly expected: VerbPart; readonly typed: string }
  | { readonly kind: "search"; readonly text: string };

export type VerbContext = { readonly environments: readonly string[] };

const isVerb = (word: string): word is Verb => Object.hasOwn(verbForms, word);

function commandOf(verb: Verb, words: readonly string[], rest: string): Command {
  const [first = "", second, third] = words;
  switch (verb) {
    case "on":
    case "off":
      return { verb, flag: first, environment: second };
    case "why":
      return { verb, flag: first, key: rest.slice(first.length).trim() || undefined };
    case "promote":
      return { verb, flag: first, from: second, to: third };
    case "new":
      return { verb, what: first as "flag" | "segment", name: rest.slice(first.length).trim() };
    case "env":
      return { verb, environment: first };
    case "go":
      return { verb, page: rest };
    case "copy":
      return { verb, what: first as "key" | "curl" | "link" };
  }
}

/** Whether a word fits where it stands; a name that is being typed is not wrong yet. */
function fits(part: VerbPart, word: string, { environments }: VerbContext): boolean {
  if (part.includes("|")) return part.split("|").includes(word);
  return part.startsWith("environment") ? environments.includes(word) : true;
}

/** Reads what stands in the palette. Everything without a verb is searched for. */
export function parseVerb(text: string, context: VerbContext): Typed {
  const [, word = "", space = "", rest = ""] = /^\s*(\S+)(\s*)(.*)$/s.exec(text) ?? [];
  const verb = word.toLowerCase();
  if (!isVerb(verb) || space === "") return { kind: "search", text: text.trim() };
  const words = rest.trim() === "" ? [] : rest.trim().split(/\s+/);
  const parts = verbForms[verb];
  const isOpen = verb === "go" || verb === "new" || verb === "why";
  for (const [i, part] of parts.entries()) {
    const typed = words[i];
    const isOptional = part.endsWith("?");
    if (typed === undefined) {
      // Half of `FROM TO` says nothing.
      const isHalf = verb === "promote" && words.length === 2;
      if (isOptional && !isHalf) break;
      return { kind: "incomplete", verb, expected: part, typed: "" };
    }
    if (fits(part, typed, context)) continue;
    const isLast = i === words.length - 1 && !/\s$/.test(text);
    const mayBecome = isLast && candidates(part, context).some((each) => each.startsWith(typed));
    return { kind: mayBecome ? "incomplete" : "unknown", verb, expected: part, typed };
  }
  const extra = words[parts.length];
  if (!isOpen && extra !== undefined) return { kind: "unknown", verb, expected: parts.at(-1) ?? "name", typed: extra };
  return { kind: "command", command: commandOf(verb, words, rest.trim()) };
}

/** What may stand for a part, where that is known here. */
export function candidates(part: VerbPart, { environments }: VerbContext): readonly string[] {
  if (part.includes("|")) return part.split("|");
  return part.startsWith("environment") ? environments : [];
}
