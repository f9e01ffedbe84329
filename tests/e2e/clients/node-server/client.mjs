// The unmodified Node.js server SDK: reads one question per line from standard input and writes one answer per line.
//   {"type":"boolean|string|number|object","flag":"k","default":..,"context":{..}}
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// client.mjs MODULES URL KEY with the OFREP provider, client.mjs MODULES flagd:WHERE rpc|in-process with flagd's: at a port or at
// the path of a socket.
const [modules, where, how] = process.argv.slice(2);
const load = (name, file) => import(pathToFileURL(`${modules}/node_modules/@openfeature/${name}/${file}`));
const { OpenFeature } = await load('server-sdk', 'dist/esm/index.js');

async function provider() {
  if (!where.startsWith('flagd:')) {
    const { OFREPProvider } = await load('ofrep-provider', 'index.esm.js');
    return new OFREPProvider({ baseUrl: where, headers: [['Authorization', `Bearer ${how}`]] });
  }
  const { FlagdProvider } = await load('flagd-provider', 'index.cjs.mjs');
  const at = where.slice('flagd:'.length);
  const place = at.startsWith('/') ? { socketPath: at } : { host: '127.0.0.1', port: Number(at) };
  return new FlagdProvider({ ...place, resolverType: how, deadlineMs: 10_000, retryBackoffMaxMs: 500 });
}

await OpenFeature.setProviderAndWait(await provider());
const client = OpenFeature.getClient();
const ask = {
  boolean: (q) => client.getBooleanDetails(q.flag, q.default, q.context),
  string: (q) => client.getStringDetails(q.flag, q.default, q.context),
  number: (q) => client.getNumberDetails(q.flag, q.default, q.context),
  object: (q) => client.getObjectDetails(q.flag, q.default, q.context),
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const { value, variant, reason, errorCode, flagMetadata } = await ask[question.type](question);
  console.log(JSON.stringify({ value, variant, reason, error: errorCode ?? null, metadata: flagMetadata }));
}
await OpenFeature.close(); // flagd's provider has a connection, without whose end the process does not end
