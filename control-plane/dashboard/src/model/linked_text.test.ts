import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkedText } from "./linked_text";

const links = (text: string) => linkedText(text).flatMap(({ href, text: shown }) => (href ? [[shown, href]] : []));

describe("links in a text", () => {
  it("are the addresses of the web, without what ends the sentence", () => {
    expect(links("See https://example.com/a?b=c#d. (HTTP://example.org/x_(y)), and http://example.net!")).toEqual([
      ["https://example.com/a?b=c#d", "https://example.com/a?b=c#d"],
      ["HTTP://example.org/x_(y)", "http://example.org/x_(y)"],
      ["http://example.net", "http://example.net/"],
    ]);
  });
  it("are nothing else", () => {
    const text =
      'javascript:alert(1) data:text/html,x ftp://a //b mailto:a@b <a href="x"> https:// http://[ www.example.com';
    expect(links(text)).toEqual([]);
  });
  it("lose no character, and lead to the web only", () => {
    const piece = fc.constantFrom(
      "https://",
      "http://",
      "javascript:",
      "example.com",
      "(",
      ")",
      ".",
      " ",
      "\n",
      '"',
      "<",
      "é",
      "[",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((all) => all.join("")),
        ),
        (text) => {
          const parts = linkedText(text);
          expect(parts.map((part) => part.text).join("")).toBe(text);
          for (const { href } of parts) if (href !== undefined) expect(href).toMatch(/^https?:\/\//);
        },
      ),
    );
  });
});
