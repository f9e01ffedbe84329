// Any bytes as ruleset or context are an error or an answer, and the instance goes on working.
import assert from 'node:assert/strict';
import test from 'node:test';

import {FanionError} from '../../../../sdk/wasm/fanion.mjs';
import {instantiate, NOW, readVectors} from './support.mjs';

const vectors = readVectors();
const rulesets = [...new Set(vectors.map(({ruleset}) => ruleset))].filter((text) => text.length < 8192);
const encode = (text) => new TextEncoder().encode(text);

// Repeats exactly (mulberry32).
function makeRandom(seed) {
  return (limit) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

function mutate(bytes, random) {
  const changed = Uint8Array.from(bytes);
  for (let i = random(4); i >= 0; --i) changed[random(changed.length)] = random(256);
  const begin = random(changed.length);
  const end = begin + random(16);
  return random(2) ? changed : Uint8Array.from([...changed.slice(0, begin), ...changed.slice(end)]);
}

// The result, or null for an error that names places.
function attempt(what) {
  try {
    return what();
  } catch (error) {
    assert.ok(error instanceof FanionError, error.stack);
    assert.notEqual(error.code, 'INTERNAL');
    assert.ok(error.findings.length > 0);
    return null;
  }
}

function evaluateAll(ruleset, context) {
  for (const flag of ruleset.flags()) attempt(() => JSON.parse(ruleset.evaluateJson(flag, context, NOW)));
}

test('a ruleset cut short anywhere is refused', async () => {
  const evaluator = await instantiate();
  const bytes = encode(rulesets[0]);
  for (let length = 0; length < bytes.length; ++length) {
    assert.equal(attempt(() => evaluator.load(bytes.subarray(0, length))), null, `${length} bytes`);
  }
  evaluator.load(bytes).free();
});

test('mutated rulesets are refused or evaluate', async () => {
  const evaluator = await instantiate();
  const random = makeRandom(1);
  let taken = 0;
  for (let round = 0; round < 3000; ++round) {
    const text = mutate(encode(rulesets[random(rulesets.length)]), random);
    const ruleset = attempt(() => evaluator.load(text));
    if (!ruleset) continue;
    ++taken;
    evaluateAll(ruleset, '{"targetingKey":"u","a":["x",1,null]}');
    ruleset.free();
  }
  assert.ok(taken > 0);
});

test('cut and mutated contexts are refused or evaluate', async () => {
  const evaluator = await instantiate();
  const random = makeRandom(2);
  for (const {ruleset: text, context} of vectors.filter((_, index) => index % 40 === 0)) {
    const ruleset = evaluator.load(text);
    const bytes = encode(context?.length < 400 ? context : '{"a":1}');
    for (let length = 1; length < bytes.length; ++length) evaluateAll(ruleset, bytes.subarray(0, length));
    for (let round = 0; round < 50; ++round) evaluateAll(ruleset, mutate(bytes, random));
    ruleset.free();
  }
});

test('nesting, long numbers and long strings are refused', async () => {
  const evaluator = await instantiate();
  const deep = '['.repeat(100_000);
  for (const text of [deep, `{"flags":${deep}`, `{"flags":[{"key":${'1'.repeat(1000)}}]}`, `"${'x'.repeat(1 << 20)}"`, '\0', '\ufeff{}']) {
    assert.equal(attempt(() => evaluator.load(text)), null);
  }
});
