// The unmodified Node.js server SDK: reads one question per line from standard input and writes one answer per line.
//   {"type":"boolean|string|number|object","flag":"k","default":..,"context":{..}}
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [modules, baseUrl, key] = process.argv.slice(2);
const load = (name, file) => import(pathToFileURL(`${modules}/node_modules/@openfeature/${name}/${file}`));
const { OpenFeature } = await load('server-sdk', 'dist/esm/index.js');
const { OFREPProvider } = await load('ofrep-provider', 'index.esm.js');

await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl, headers: [['Authorization', `Bearer ${key}`]] }));
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
