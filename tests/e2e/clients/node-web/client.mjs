// The unmodified web SDK in Node.js: reads one question per line from standard input and writes one answer per line. The provider
// polls four times a second, so that a change is seen without a new context.
//   {"type":"boolean|string|number|object","flag":"k","default":..,"context":{..}}
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [modules, baseUrl, key] = process.argv.slice(2);
const load = (name, file) => import(pathToFileURL(`${modules}/node_modules/@openfeature/${name}/${file}`));
const { OpenFeature } = await load('web-sdk', 'dist/esm/index.js');
const { OFREPWebProvider } = await load('ofrep-web-provider', 'index.esm.js');

const provider = new OFREPWebProvider({
  baseUrl,
  headers: [['Authorization', `Bearer ${key}`]],
  pollInterval: 250,
  changeDetection: 'polling',
  cacheMode: 'disabled',
});
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();
const ask = {
  boolean: (q) => client.getBooleanDetails(q.flag, q.default),
  string: (q) => client.getStringDetails(q.flag, q.default),
  number: (q) => client.getNumberDetails(q.flag, q.default),
  object: (q) => client.getObjectDetails(q.flag, q.default),
};

let present = '{}';
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const context = JSON.stringify(question.context ?? {});
  if (context !== present) await OpenFeature.setContext(JSON.parse(context));
  present = context;
  const { value, variant, reason, errorCode, flagMetadata } = ask[question.type](question);
  console.log(JSON.stringify({ value, variant, reason, error: errorCode ?? null, metadata: flagMetadata }));
}
await OpenFeature.close();
