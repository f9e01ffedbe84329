// Holds the budgets of what a page loads: the gzipped bytes of the static imports of each route, which are those of the entry and
// its own. `budgets.mjs DIST [CHUNKS-OF]`, after the build with its manifest, before it is packed. Fails
// when one is exceeded; with the name of a row, its largest files are listed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const KiB = 1024;
const [dist, listed] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) {
    const bytes = readFileSync(join(dist, file));
    sizes.set(file, file.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 9 }).length);
  }
  return sizes.get(file);
}

// The parts of the manifest that come with these entries, without those of `present`.
function partsOf(entries, present = []) {
  const visit = (name, seen) => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const next of manifest[name].imports ?? []) visit(next, seen);
    return seen;
  };
  const all = (names) => names.reduce((seen, name) => visit(name, seen), new Set());
  const there = all(present);
  return [...all(entries)].filter((name) => !there.has(name)).map((name) => manifest[name]);
}

const filesOf = (...given) => partsOf(...given).map((part) => part.file);
const sheetsOf = (entries) => [...new Set(partsOf(entries).flatMap((part) => part.css ?? []))];
const total = (files) => files.reduce((sum, file) => sum + size(file), 0);

let isExceeded = false;
function say(name, files, limit) {
  const bytes = total(files);
  const isOver = bytes > limit * KiB;
  isExceeded ||= isOver;
  process.stdout.write(`${isOver ? "OVER " : ""}${name}: ${(bytes / KiB).toFixed(1)} KiB of ${limit}\n`);
  if (name !== listed) return;
  for (const file of [...files].sort((a, b) => size(b) - size(a)).slice(0, 40)) {
    process.stdout.write(`  ${(size(file) / KiB).toFixed(1)} ${file}\n`);
  }
}

const entry = ["index.html"]; // the frame comes with it
const lists = readdirSync("src").filter((name) => name.endsWith("routes.tsx"));
const routes = lists.flatMap((list) =>
  [...readFileSync(`src/${list}`, "utf8").matchAll(/import\("\.\/(pages\/[^"]+)"\)/g)].map(
    ([, path]) => `src/${path}.tsx`,
  ),
);
const named = new Map([
  ["src/pages/signin/SignIn.tsx", ["sign-in", 160]],
  ["src/pages/flags/FlagList.tsx", ["flag list", 180]],
  ["src/pages/flag/FlagPage.tsx", ["flag page", 260]],
  ["src/pages/editor/Editor.tsx", ["targeting editor", 310]],
]);
const budgetOf = (route) => named.get(route) ?? [route.replace("src/pages/", ""), 300];

say("frame", filesOf(entry), 160);
const others = [];
const styled = [];
for (const route of new Set(routes)) {
  const entries = [...entry, route];
  const files = filesOf(entries);
  styled.push({ route, sheets: sheetsOf(entries) });
  if (named.has(route)) say(...[budgetOf(route)[0], files, budgetOf(route)[1]]);
  else others.push({ route, files, bytes: total(files) });
}
// Of the other pages, those that exceed their limit, and the largest.
others.sort((a, b) => b.bytes - a.bytes);
for (const { route, files, bytes } of others) {
  const [name, limit] = budgetOf(route);
  if (route === others[0].route || bytes > limit * KiB || name === listed) say(name, files, limit);
}
say("text editor", filesOf(["src/ui/code/editor.ts"], [...entry, "src/pages/editor/Editor.tsx"]), 116);
say("plot", filesOf(["src/ui/Plot.tsx"], [...entry, "src/pages/evaluations/Evaluations.tsx"]), 24);
styled.sort((a, b) => total(b.sheets) - total(a.sheets));
say(`style sheets, most in ${styled[0].route.replace("src/pages/", "")}`, styled[0].sheets, 24);
const worker = Object.values(manifest).find((part) => part.src === "src/evaluator/worker.ts");
if (worker?.assets) say("evaluator", [worker.file, ...worker.assets], 200);
const fonts = new Set(Object.values(manifest).flatMap((part) => part.assets ?? []));
say(
  "fonts",
  [...fonts].filter((file) => file.endsWith(".woff2")),
  52,
);
process.exit(isExceeded ? 1 : 0);
