// Reads a list of objects (JSON) and prints [number, message] for every rule of the Pod Security Standards that one of them breaks, by
// Monokle. Nothing is fetched: the plugin is part of the package.
//
//   node pod_security.mjs TOOLS OBJECTS.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.argv[2]}/package.json`);
globalThis.fetch = () => { throw new Error('Monokle asks the network'); };
const { createDefaultMonokleValidator } = await import(pathToFileURL(require.resolve('@monokle/validation')));
const yaml = require('yaml');

const objects = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const resources = objects.map((content, number) => ({
  id: String(number), fileId: String(number), filePath: `${number}.yaml`, fileOffset: 0, text: yaml.stringify(content), content,
  name: content.metadata.name, namespace: content.metadata.namespace, apiVersion: content.apiVersion, kind: content.kind,
}));
const validator = createDefaultMonokleValidator();
const plugins = { 'pod-security-standards': true };
await validator.preload({ plugins, settings: {}, rules: {} });
// Those of the profile `restricted` are off by default.
const all = validator.rules['pod-security-standards'].map((rule) => [`pod-security-standards/${rule.name}`, 'err']);
await validator.preload({ plugins, settings: {}, rules: Object.fromEntries(all) });
const { runs } = await validator.validate({ resources });
const problems = runs.flatMap((run) => run.results.map((result) => {
  const place = result.locations.map((each) => each.physicalLocation?.artifactLocation?.uri).find((uri) => /^\d+\.yaml$/.test(uri));
  return [Number.parseInt(place, 10), `${result.ruleId}: ${result.message.text}`];
}));
process.stdout.write(JSON.stringify(problems));
