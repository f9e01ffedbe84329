// RE2's syntax in the module's host. The table's verdicts are RE2's own.
import assert from 'node:assert/strict';
import test from 'node:test';

import {compileRe2} from '../../../../sdk/wasm/re2_syntax.mjs';

const KELVIN = '\u212a';
const LONG_S = '\u017f';

for (const [pattern, matching, other] of [
  ['b', 'abc', 'ac'],
  ['^a.c$', 'a\rc', 'a\nc'],
  ['(?s)^a.c$', 'a\nc', 'ac'],
  ['a$', 'ba', 'a\n'],
  ['(?m)^b$', 'a\nb\nc', 'ab'],
  ['(?i)k', KELVIN, 'j'],
  ['(?i)a(?-i)b', 'Ab', 'AB'],
  ['a(?i:b)c', 'aBc', 'aBC'],
  ['(?i)^\\w$', LONG_S, 'é'],
  ['(?i)^\\W$', 'é', LONG_S],
  ['^\\s$', ' ', '\v'],
  ['^\\d+$', '12', '１'],
  ['\\bab\\b', 'x ab', 'xab'],
  ['^[[:alpha:]]$', 'z', 'é'],
  ['^[^[:^digit:]]$', '5', 'x'],
  ['^\\pL$', 'é', '1'],
  ['^\\p{^Greek}$', 'a', 'α'],
  ['^[]a]+$', ']a', 'b'],
  ['^[a\\-z]$', '-', 'b'],
  ['^\\x{1F600}\\101\\x41$', '😀AA', '😀AB'],
  ['^.$', '😀', '😀😀'],
  ['^\\Qa.b*\\E$', 'a.b*', 'aXb'],
  ['^\\Qab\\E{2}$', 'abb', 'abab'],
  ['^(?P<name>a|b){2,3}$', 'aba', 'a'],
  ['^a{,2}$', 'a{,2}', 'aa'],
  ['^(a|b*)*c$', 'abbac', 'abd'],
]) {
  test(`${pattern} is read as RE2 reads it`, () => {
    const regex = compileRe2(pattern);
    assert.equal(regex.test(matching), true);
    assert.equal(regex.test(other), false);
  });
}

for (const [pattern, matching, other] of [
  ['^k$', 'K', KELVIN],
  ['^[^a]$', 'b', 'A'],
  ['^\\p{Lu}$', 'q', '1'],
  ['^\\x6b$', 'K', KELVIN],
  ['^\\Qab', 'AB', 'ac'],
]) {
  test(`${pattern} folds ASCII letters only`, () => {
    const regex = compileRe2(pattern, true);
    assert.equal(regex.test(matching), true);
    assert.equal(regex.test(other), false);
  });
}

test('what RE2 refuses, and what has no exact counterpart, is refused', () => {
  const refused = ['(', ')', '[', '[]', 'a**', '*', 'a{2,1}', 'a{1001}', '(?:a{100}){100}', '(?=a)', '(?!a)', '(?<n>a)', '(a)\\1', '\\8', '\\Z',
    '\\e', '\\x4', '\\x{110000}', '[b-a]', '[[:no:]]', '\\p{No_such}', '\\', '\\B', '\\C', '(?', '(?i', '(?P<n', '[\\b]', '|*'];
  for (const pattern of refused) assert.throws(() => compileRe2(pattern), undefined, pattern);
});

test('time is linear in the text whatever the pattern', () => {
  const text = 'a'.repeat(60_000);
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a*)*b', '(a?){30}a{30}b']) compileRe2(pattern).test(text + '!');
});
