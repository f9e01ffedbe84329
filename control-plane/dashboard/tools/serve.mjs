// Serves a built dashboard as the control plane does, with its headers, and passes /api on to a control plane:
// `serve.mjs DIST PORT UPSTREAM`. For development only.
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import { extname, join } from "node:path";
import { styleHashes } from "./style_hashes.mjs";

const [dist, port, upstream] = process.argv.slice(2);
const types = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".html": "text/html; charset=utf-8",
};
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  `style-src 'self' ${styleHashes()
    .map((hash) => `'sha256-${hash}'`)
    .join(" ")}`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types fanion default",
].join("; ");
const common = {
  "Content-Security-Policy": policy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

function sendFile(answer, path, cache) {
  try {
    const packed = [".js", ".css"].includes(extname(path)) && statSync(`${path}.br`, { throwIfNoEntry: false });
    const headers = { "Content-Type": types[extname(path)] ?? "application/octet-stream", "Cache-Control": cache };
    statSync(path);
    answer.writeHead(200, { ...common, ...headers, ...(packed ? { "Content-Encoding": "br" } : {}) });
    createReadStream(packed ? `${path}.br` : path).pipe(answer);
  } catch {
    answer.writeHead(404, common).end();
  }
}

createServer((asked, answer) => {
  const path = new URL(asked.url, "http://localhost").pathname;
  if (path.startsWith("/api/") || path === "/openapi.json") {
    const passed = request(upstream + asked.url, { method: asked.method, headers: asked.headers }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    passed.on("error", () => answer.headersSent || answer.writeHead(502).end());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  } else if (path.startsWith("/ui/assets/")) {
    sendFile(answer, join(dist, path.slice("/ui".length)), "max-age=31536000, immutable");
  } else if (path === "/ui" || path.startsWith("/ui/")) {
    answer.writeHead(200, { ...common, "Content-Type": types[".html"], "Cache-Control": "no-cache" });
    answer.end(readFileSync(join(dist, "index.html")));
  } else {
    answer.writeHead(302, { Location: "/ui/" }).end();
  }
}).listen(Number(port), "127.0.0.1");
