// The unmodified Node.js server SDK with flagd's provider: reads one question per line from standard input and writes one answer
// per line.
//   {"type":"boolean|string|number|object","flag":"k","default":..,"context":{..}}
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [modules, where, resolverType] = process.argv.slice(2);
const load = (name, file) => import(pathToFileURL(`${modules}/node_modules/@openfeature/${name}/${file}`));
const { OpenFeature } = await load('server-sdk', 'dist/esm/index.js');
const { FlagdProvider } = await load('flagd-provider', 'index.cjs.mjs');

const place = where.startsWith('/') ? { socketPath: where } : { host: '127.0.0.1', port: Number(where) };
await OpenFeature.setProviderAndWait(new FlagdProvider({ ...place, resolverType, deadlineMs: 10_000, retryBackoffMaxMs: 500 }));
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
