import assert from 'node:assert/strict';
import test from 'node:test';

import {instantiate, readVectors} from './support.mjs';

test('every vector comes to the same bytes', async () => {
  const evaluator = await instantiate();
  const vectors = readVectors();
  assert.ok(vectors.length > 0);
  let ruleset;
  let text;
  for (const vector of vectors) {
    if (vector.ruleset !== text) {
      ruleset?.free();
      text = vector.ruleset;
      ruleset = evaluator.load(text);
    }
    assert.equal(ruleset.evaluateJson(vector.flag, vector.context, vector.now), vector.expect, JSON.stringify(vector));
  }
});
