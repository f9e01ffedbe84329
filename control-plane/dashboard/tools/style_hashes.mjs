// The inline styles of React Aria, which are fixed texts, as the Content-Security-Policy names them: one base64 SHA-256 a line.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const files = ["interactions/usePress.mjs", "overlays/usePreventScroll.mjs"];

// `${NAME}` in such a text stands for a constant of the same file.
function styleTexts(source) {
  const constants = new Map([...source.matchAll(/(\$[\w$]+) = '([^']*)'/g)].map((m) => [m[1], m[2]]));
  return [...source.matchAll(/style\.textContent = `([^`]*)`\.trim\(\)/g)].map((match) =>
    match[1]
      .replace(/\$\{([\w$]+)\}/g, (_, name) => {
        if (!constants.has(name)) throw new Error(`the value of ${name} in a style of React Aria is not known`);
        return constants.get(name);
      })
      .trim(),
  );
}

export function styleHashes() {
  const root = dirname(createRequire(import.meta.url).resolve("react-aria/package.json"));
  const texts = files.flatMap((file) => {
    const found = styleTexts(readFileSync(join(root, "dist/private", file), "utf8"));
    if (found.length !== 1) throw new Error(`${file} of React Aria has ${found.length} inline styles, not one`);
    return found;
  });
  return texts.map((text) => createHash("sha256").update(text).digest("base64"));
}
