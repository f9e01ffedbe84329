// JSON.parse() for browsers without source text access: the same grammar, and every number by its
// spelling. Recurses as deep as the text is nested, at most `maxDepth`.

import { type Json, numberOf, setMember } from "./json_value";

/** Nesting that no input of the server comes near (docs/ruleset.md, Limits: 32). */
const maxDepth = 512;

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const space = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const plain = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Where a text is not JSON. `offset` counts UTF-16 units from 0. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

class Reader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json {
    const value = this.value();
    this.take(space);
    if (this.at < this.text.length) this.fail("the end of the text");
    return value;
  }

  private fail(expected: string, at = this.at): never {
    const code = this.text.codePointAt(at);
    const found = code === undefined ? "the end of the text" : `\`${String.fromCodePoint(code)}\``;
    throw new JsonSyntaxError(`expected ${expected}, found ${found}`, at);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private skip(character: string): boolean {
    this.take(space);
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private value(): Json {
    this.take(space);
    const first = this.text[this.at];
    if (first === "{") return this.nested(() => this.object());
    if (first === "[") return this.nested(() => this.list());
    if (first === '"') return this.string();
    if (first === "t") return this.word("true", true);
    if (first === "f") return this.word("false", false);
    if (first === "n") return this.word("null", null);
    const spelled = this.take(number);
    return spelled === "" ? this.fail("a value") : numberOf(spelled);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail("a value");
    this.at += word.length;
    return value;
  }

  private nested<T>(read: () => T): T {
    this.at += 1;
    this.depth += 1;
    if (this.depth > maxDepth) throw new JsonSyntaxError(`nested deeper than ${maxDepth}`, this.at - 1);
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): Json {
    const value: Record<string, Json> = {};
    if (this.skip("}")) return value;
    do {
      this.take(space);
      if (this.text[this.at] !== '"') this.fail("a member's name");
      const name = this.string();
      if (!this.skip(":")) this.fail("`:`");
      setMember(value, name, this.value());
    } while (this.skip(","));
    if (!this.skip("}")) this.fail("`,` or `}`");
    return value;
  }

  private list(): Json {
    const value: Json[] = [];
    if (this.skip("]")) return value;
    do value.push(this.value());
    while (this.skip(","));
    if (!this.skip("]")) this.fail("`,` or `]`");
    return value;
  }

  private string(): string {
    this.at += 1;
    let value = this.take(plain);
    while (this.text[this.at] === "\\") {
      value += this.escape();
      value += this.take(plain);
    }
    if (this.text[this.at] !== '"') this.fail('`"`');
    this.at += 1;
    return value;
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? "";
    const short = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (short !== undefined) {
      this.at += 2;
      return short;
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) this.fail("an escape", this.at);
    this.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

/** Parses a JSON text. Throws JsonSyntaxError. */
export function readJson(text: string): Json {
  return new Reader(text).document();
}
