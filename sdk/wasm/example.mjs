// node example.mjs [fanion_eval.wasm]
import {readFile} from 'node:fs/promises';
import {Evaluator} from './fanion.mjs';

const file = process.argv[2] ?? new URL('fanion_eval.wasm', import.meta.url);
const evaluator = await Evaluator.instantiate(await WebAssembly.compile(await readFile(file)));
const ruleset = evaluator.load(JSON.stringify({
  flags: [{
    key: 'new-checkout', type: 'boolean', enabled: true,
    variations: [{key: 'on', value: true}, {key: 'off', value: false}],
    rules: [{id: 'staff', when: {attribute: 'email', op: 'matches_regex', values: ['@example\\.(com|org)$']}, serve: {variation: 'on'}}],
    fallthrough: {variation: 'off'},
  }],
}));
console.log(ruleset.evaluate('new-checkout', {targetingKey: 'alice', email: 'alice@example.org'}, Date.now()));
ruleset.free();
