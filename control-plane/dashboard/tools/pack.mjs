// Completes what Vite has built: the compressed form of each file, and the hashes of the inline styles. `pack.mjs DIST`
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { styleHashes } from "./style_hashes.mjs";

const dist = process.argv[2];
// Fonts and pictures of pixels are compressed already; the page itself is filled at start.
const compressible = /\.(js|css|svg|json|wasm)$/;

async function compress(name) {
  const path = join(dist, "assets", name);
  const bytes = readFileSync(path);
  const brotli = await promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

rmSync(join(dist, ".vite"), { recursive: true, force: true });
await Promise.all(
  readdirSync(join(dist, "assets"))
    .filter((name) => compressible.test(name))
    .map(compress),
);
writeFileSync(join(dist, "csp-style-hashes"), `${styleHashes().join("\n")}\n`);
