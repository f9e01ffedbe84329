// The module's size, and what it adds to the evaluator.
import assert from 'node:assert/strict';
import test from 'node:test';
import {gzipSync} from 'node:zlib';

import {Evaluator} from '../../../../sdk/wasm/fanion.mjs';
import {bytes, module, NOW, readVectors, start} from './support.mjs';

const split = (...weights) => JSON.stringify({split: {weights: weights.map(([variation, weight]) => ({variation, weight})), otherwise: 'off'}});
const flag = (rest = {}) => ({
  key: 'f', type: 'boolean', version: 3, enabled: true, salt: 'f',
  variations: [{key: 'on', value: true}, {key: 'off', value: false}],
  off: 'off', fallthrough: {variation: 'on'}, ...rest,
});
const load = ({instance, make}, ruleset) => make([JSON.stringify(ruleset)], (passed, out) =>
  instance.exports.fanion_workbench_create(...passed, out, instance.reply)).object;
const draft = ({instance, make}, base, key, config) => {
  const {object, answer} = make([key, JSON.stringify(config), 'production'], (passed, out) =>
    instance.exports.fanion_workbench_draft(base, ...passed, out, instance.reply));
  return {object, ...JSON.parse(answer)};
};
const answer = ({instance}, workbench, key, context) => JSON.parse(instance.call([key, JSON.stringify(context)], (...passed) =>
  instance.exports.fanion_evaluate(instance.exports.fanion_workbench_ruleset(workbench), ...passed, BigInt(NOW), instance.reply)));

test('the module imports one function and nothing of WASI, and is within its budget', () => {
  assert.deepEqual(WebAssembly.Module.imports(module), [{module: 'fanion', name: 'regex', kind: 'function'}]);
  const size = gzipSync(bytes, {level: 9}).length;
  assert.ok(size <= 200 * 1024, `${size} bytes compressed`);
});

test('weights become ranges, and the fewest users move', async () => {
  const {ask} = await start();
  assert.deepEqual(ask('fanion_split_ranges', '', split(['on', 5]), 'f'), {ranges: [[0, 5000, 'on']]});
  const present = '{"split":{"ranges":[[90000,95000,"on"]],"otherwise":"off"}}';
  const {ranges} = ask('fanion_split_ranges', present, split(['on', 25.5]), 'f');
  assert.equal(ranges.reduce((sum, [from, to]) => sum + to - from, 0), 25500);
  assert.ok(ranges.some(([from, to]) => from <= 90000 && to >= 95000), 'who has `on` keeps it');
  const other = ask('fanion_split_ranges', '{"split":{"salt":"x","ranges":[[90000,95000,"on"]],"otherwise":"off"}}', split(['on', 5]), 'f');
  assert.deepEqual(other, {ranges: [[0, 5000, 'on']]}, 'other bucketing: laid out anew');
});

test('a wrong split is refused at its place', async () => {
  const {ask} = await start();
  for (const [wanted, pointer] of [
    [split(['on', 101]), '/split/weights/0/weight'],
    [split(['on', 60], ['off', 60]), '/split/weights'],
    [split(['on', 1], ['on', 1]), '/split/weights/1/variation'],
    ['{}', '/split/weights'],
  ]) {
    assert.throws(() => ask('fanion_split_ranges', '', wanted, 'f'), (error) => {
      assert.equal(error.findings[0].pointer, pointer);
      return true;
    });
  }
});

test('a draft is evaluated as it would be stored, and its base stays', async () => {
  const own = await start();
  const base = load(own, {flags: [flag()]});
  const made = draft(own, base, 'f', {enabled: true, off: 'off', fallthrough: {variation: 'off'},
    rules: [{when: "country in ['DE']", serve: {split: {weights: [{variation: 'on', weight: 100}]}}}]});
  assert.deepEqual(made.config.rules[0].serve.split.ranges, [[0, 100000, 'on']]);
  assert.equal(answer(own, made.object, 'f', {targetingKey: 'a', country: 'DE'}).variation, 'on');
  assert.equal(answer(own, made.object, 'f', {targetingKey: 'a'}).variation, 'off');
  assert.equal(answer(own, base, 'f', {targetingKey: 'a'}).variation, 'on');
});

test('findings and warnings of a draft are those of the control plane', async () => {
  const own = await start();
  const base = load(own, {flags: [flag(), flag({key: 'g', prerequisites: [{flag: 'f', variations: ['on']}]})]});
  const config = (rules) => ({enabled: true, off: 'off', fallthrough: {variation: 'on'}, rules});
  const findings = (rules, key = 'f') => {
    try {
      return draft(own, base, key, config(rules)).warnings;
    } catch (error) {
      assert.equal(error.code, 'INVALID_RULESET');
      return error.findings;
    }
  };
  assert.equal(findings([{when: 'country in "DE"', serve: {variation: 'on'}}])[0].pointer, '/rules/0/when');
  const unknown = findings([{when: "segment 'nobody'", serve: {variation: 'on'}}])[0];
  assert.equal(unknown.pointer, '/rules/0/when');
  assert.match(unknown.detail, /^line 1, column 1: /);
  assert.equal(findings([{when: 'never', serve: {variation: 'on'}}, {when: 'always', serve: {variation: 'gone'}}])[0].pointer,
    '/rules/1/serve/variation');
  const hidden = findings([{when: 'always', serve: {variation: 'on'}}, {when: 'a exists', serve: {variation: 'off'}}]);
  assert.ok(hidden.some(({pointer, item}) => item === '' && pointer.startsWith('/rules/1')), JSON.stringify(hidden));
  assert.equal(findings([], 'none')[0].code, 'not_found');
});

test('a value that is listed twice is found where addresses have 32 bits', async () => {
  const evaluator = await Evaluator.instantiate(module);
  const values = [...Array.from({length: 50}, (_, i) => `v${i}`), 'v7'];
  const warnings = evaluator.check(JSON.stringify({flags: [flag({targets: [{attribute: 'a', values, variation: 'on'}]})]}));
  assert.ok(warnings.some(({code, pointer}) => code === 'duplicate_value' && pointer.endsWith('/50')), JSON.stringify(warnings));
});

const REASONS = ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR'];
const ERRORS = [undefined, 'FLAG_NOT_FOUND', 'INVALID_CONTEXT', 'TARGETING_KEY_MISSING'];

test('many at once come to what one by one does, for every vector', async () => {
  const {instance} = await start();
  const {exports} = instance;
  const evaluator = await Evaluator.instantiate(module);
  let seen = 0;
  let text;
  let keys;
  let ruleset;
  for (const vector of readVectors()) {
    if (vector.ruleset !== text) {
      text = vector.ruleset;
      keys = evaluator.load(text).flags();
      const out = instance.allocate(4);
      instance.call([text], (data, size) => exports.fanion_ruleset_create(data, size, out, instance.reply));
      ruleset = instance.pointerAt(out);
    }
    const index = keys.indexOf(vector.flag);
    if (vector.context === undefined) continue;
    const sizes = new Uint8Array(new Uint32Array([Buffer.byteLength(vector.context)]).buffer);
    const flags = new Uint8Array(new Uint32Array([index < 0 ? 0xffffffff : index]).buffer);
    const cells = instance.allocate(16);
    const {names} = JSON.parse(instance.call([vector.context, sizes, flags], (data, _, sizesAt, __, flagsAt) =>
      exports.fanion_evaluate_all(ruleset, data, sizesAt, 1, flagsAt, 1, BigInt(vector.now), cells, instance.reply)));
    const [variation, value, decided, what] = new Int32Array(exports.memory.buffer, cells, 4);
    const expected = JSON.parse(vector.expect);
    assert.equal(names[variation], expected.variation);
    assert.deepEqual(value < 0 ? undefined : JSON.parse(names[value]), expected.value);
    assert.equal(REASONS[what & 0xff], expected.reason);
    assert.equal(ERRORS[(what >> 8) & 0xff], expected.error);
    assert.equal(names[decided], (what >> 16) & 1 ? expected.prerequisite : expected.rule);
    exports.free(cells);
    ++seen;
  }
  assert.ok(seen > 0);
});
