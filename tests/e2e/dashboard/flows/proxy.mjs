// A reverse proxy as people have in front: `proxy.mjs PORT PREFIX UPSTREAM..`. Takes PREFIX off paths, and passes each request on to
// the first upstream that takes a connection; 502 if none does. What is streamed is passed on as it comes.
import { createServer, request } from "node:http";

const [port, prefix, ...upstreams] = process.argv.slice(2);

function pass(asked, answer, path, body, [upstream, ...others]) {
  if (upstream === undefined) return answer.headersSent ? answer.destroy() : answer.writeHead(502).end("no upstream");
  const passed = request(upstream + path, { method: asked.method, headers: asked.headers, agent: false }, (given) => {
    answer.writeHead(given.statusCode, given.headers);
    answer.flushHeaders();
    given.on("error", () => answer.destroy());
    given.pipe(answer);
  });
  passed.on("error", () => (answer.headersSent ? answer.destroy() : pass(asked, answer, path, body, others)));
  answer.on("close", () => passed.destroy());
  passed.end(body);
}

createServer(async (asked, answer) => {
  if (!asked.url.startsWith(`${prefix}/`)) return answer.writeHead(404).end("not below the prefix");
  const parts = [];
  for await (const part of asked) parts.push(part);
  pass(asked, answer, asked.url.slice(prefix.length), Buffer.concat(parts), upstreams);
}).listen(Number(port), "127.0.0.1");
