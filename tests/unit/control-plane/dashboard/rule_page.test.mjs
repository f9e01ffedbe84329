// The tables of docs/rule-language.md are true in the module too.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';

import {start} from './support.mjs';

const page = readFileSync(new URL('../../../../docs/rule-language.md', import.meta.url), 'utf8').split('\n');
const rows = page.map((line) => /^\| `(.*?)` \| `(.*)` \|$/.exec(line)).filter(Boolean);
const {ask, instance} = await start();
const parse = (text) => ask('fanion_rule_parse', text);
const print = (tree) => ask('fanion_rule_print', tree).text;
// Without the members that have their default, which some trees of the page leave out.
const plain = (tree) => JSON.parse(JSON.stringify(tree), (name, value) => {
  if (name === 'ignore_case' && value === false) return undefined;
  if (name === 'by' && value === 'targetingKey') return undefined;
  if (name === 'hash' && value === 'murmur3') return undefined;
  return name === 'values' && value.length === 0 ? undefined : value;
});

test('each text of the page is the tree beside it, and is what that tree is printed as', () => {
  const trees = rows.filter(([, , tree]) => tree.startsWith('{'));
  assert.ok(trees.length > 40);
  for (const [, text, tree] of trees) {
    assert.deepEqual(plain(parse(text).when), plain(JSON.parse(tree)), text);
    assert.equal(print(tree), text);
  }
});

test('numbers keep their spelling', () => {
  const text = 'age >= 18.0 or load < 1e3';
  const reply = instance.call([text], (...passed) => instance.exports.fanion_rule_parse(...passed, instance.reply));
  assert.match(reply, /\[18\.0\].*\[1e3\]/);
});

test('each other spelling of the page is printed in the one way', () => {
  const spellings = rows.filter(([, , printed]) => !printed.startsWith('{'));
  assert.ok(spellings.length >= 10);
  for (const [, text, printed] of spellings) assert.equal(parse(text).text, printed);
});

test('each error of the page is what its text gives, with its place', () => {
  const begin = page.indexOf('```errors') + 1;
  const lines = page.slice(begin, page.indexOf('```', begin));
  assert.ok(lines.length >= 8);
  for (let at = 0; at < lines.length; at += 2) {
    const {error} = parse(lines[at]);
    assert.equal(error.detail, lines[at + 1]);
    assert.ok(error.detail.startsWith(`line ${error.line}, column ${error.column}: `));
    assert.equal(error.code, 'bad_rule');
  }
});

test('every node has its place, in code points', () => {
  assert.deepEqual(parse('city is "Zürich 🏔" and\n not a exists').places, [
    {pointer: '', line: 1, column: 1},
    {pointer: '/all/0', line: 1, column: 1},
    {pointer: '/all/1', line: 2, column: 2},
    {pointer: '/all/1/not', line: 2, column: 6},
  ]);
});

test('limits are errors, and no tree is refused with its place', () => {
  assert.equal(parse(`${'('.repeat(40)}a exists`).error.code, 'limit');
  assert.throws(() => print('{"all":[{"op":"no"}]}'), (error) => {
    assert.equal(error.code, 'INVALID_RULESET');
    assert.ok(error.findings[0].pointer.startsWith('/all/0'));
    return true;
  });
  assert.throws(() => print('{'), {code: 'INVALID_RULESET'});
});
