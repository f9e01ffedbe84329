import assert from 'node:assert/strict';
import test from 'node:test';

import {bytes, instantiate, module, NOW} from './support.mjs';

const flag = (rest = {}) => ({
  key: 'f',
  type: 'boolean',
  enabled: true,
  variations: [{key: 'on', value: true}, {key: 'off', value: false}],
  fallthrough: {variation: 'on'},
  ...rest,
});
const plain = (...flags) => JSON.stringify({flags});
const rule = (values) => [{id: 'r', when: {attribute: 'a', op: 'matches_regex', values}, serve: {variation: 'off'}}];

test('the module imports one function and nothing of WASI', () => {
  assert.deepEqual(WebAssembly.Module.imports(module), [{module: 'fanion', name: 'regex', kind: 'function'}]);
});

test('the module is at most 400 KiB', () => {
  assert.ok(bytes.length <= 400 * 1024, `${bytes.length} bytes`);
});

test('a refused ruleset names the places', async () => {
  const evaluator = await instantiate();
  const text = plain(flag({fallthrough: {variation: 'gone'}}));
  assert.throws(() => evaluator.load(text), (error) => {
    assert.equal(error.code, 'INVALID_RULESET');
    assert.equal(error.findings[0].item, 'flag/f');
    assert.equal(error.findings[0].pointer, '/flags/0/fallthrough/variation');
    return true;
  });
});

test('unknown flags, and contexts that are no object, are answers', async () => {
  const ruleset = (await instantiate()).load(plain(flag()));
  assert.equal(ruleset.evaluate('g', {}, NOW).error, 'FLAG_NOT_FOUND');
  assert.equal(ruleset.evaluate('f', [], NOW).error, 'INVALID_CONTEXT');
  assert.equal(JSON.parse(ruleset.evaluateJson('f', '{', NOW)).error, 'INVALID_CONTEXT');
  assert.equal(ruleset.evaluate('f', undefined, NOW).variation, 'on');
});

test('an explanation holds the answer and its steps', async () => {
  const ruleset = (await instantiate()).load(plain(flag({rules: rule(['^a'])})));
  const explanation = JSON.parse(ruleset.explainJson('f', '{"a":"abc"}', NOW));
  assert.equal(explanation.rule, 'r');
  assert.ok(explanation.steps.some(({step, holds}) => step === 'rule' && holds));
});

test('mistakes are found, and what does not compile is refused', async () => {
  const evaluator = await instantiate();
  assert.ok(evaluator.check(plain(flag())).some(({item, pointer}) => item === 'flag/f' && pointer.startsWith('/flags/0')));
  assert.throws(() => evaluator.check('{"flags":[{}]}'), {code: 'INVALID_RULESET'});
});

test('flags are listed by key', async () => {
  const ruleset = (await instantiate()).load(plain(flag({key: 'b'}), flag({key: 'a'})));
  assert.deepEqual(ruleset.flags(), ['a', 'b']);
});

test('a freed ruleset is refused and may be freed again', async () => {
  const ruleset = (await instantiate()).load(plain(flag()));
  ruleset.free();
  ruleset.free();
  assert.throws(() => ruleset.evaluate('f', {}, NOW), {code: 'INVALID_ARGUMENT'});
});

test('a pattern that the host refuses refuses the ruleset', async () => {
  const evaluator = await instantiate({regex: () => { throw new Error('no'); }});
  assert.throws(() => evaluator.load(plain(flag({rules: rule(['a'])}))), (error) => {
    assert.equal(error.findings[0].code, 'bad_regex');
    return true;
  });
});

test('memory does not grow when rulesets are replaced', async () => {
  const evaluator = await instantiate();
  const text = plain(...Array.from({length: 200}, (_, i) => flag({key: `f${i}`, rules: rule(['^a'])})));
  const once = () => {
    const ruleset = evaluator.load(text);
    ruleset.evaluate('f7', {a: 'abc'}, NOW);
    ruleset.free();
  };
  for (let i = 0; i < 5; ++i) once();
  const settled = evaluator.memoryBytes;
  for (let i = 0; i < 50; ++i) once();
  assert.equal(evaluator.memoryBytes, settled);
});
