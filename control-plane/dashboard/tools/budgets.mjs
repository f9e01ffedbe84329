// Holds the budgets of what a page loads: the gzipped bytes of the static imports of each route. `budgets.mjs DIST`, after the
// build with its manifest, before it is packed. Fails when one is exceeded.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const KiB = 1024;
const dist = process.argv[2];
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
  return sizes.get(file);
}

function closure(entries) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of manifest[name].imports ?? []) visit(next);
  };
  for (const entry of entries) if (manifest[entry]) visit(entry);
  return [...seen].map((name) => manifest[name]);
}

const budgets = [
  ["sign-in", ["index.html", "src/pages/signin/SignIn.tsx"], 160],
  ["frame", ["index.html", "src/pages/frame/Frame.tsx"], 160],
  ["flag list", ["index.html", "src/pages/frame/Frame.tsx", "src/pages/flags/FlagList.tsx"], 180],
  ["flag page", ["index.html", "src/pages/frame/Frame.tsx", "src/pages/flag/FlagPage.tsx"], 260],
];
let exceeded = false;
const say = (name, bytes, limit) => {
  const over = bytes > limit * KiB;
  exceeded ||= over;
  process.stdout.write(`${over ? "OVER " : ""}${name}: ${(bytes / KiB).toFixed(1)} KiB of ${limit}\n`);
};
for (const [name, entries, limit] of budgets) {
  if (entries.some((entry) => !manifest[entry])) continue;
  const parts = closure(entries);
  say(
    name,
    parts.reduce((sum, part) => sum + size(part.file), 0),
    limit,
  );
}
const css = new Set(Object.values(manifest).flatMap((part) => part.css ?? []));
say(
  "all style sheets",
  [...css].reduce((sum, file) => sum + size(file), 0),
  24,
);
process.exit(exceeded ? 1 : 0);
