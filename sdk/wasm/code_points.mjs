// Sets of Unicode code points: sorted, disjoint, inclusive ranges [[first, last], ..]. Immutable values.

const LAST = 0x10ffff;

export function union(...sets) {
  const merged = [];
  for (const [first, last] of sets.flat().sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function complement(set) {
  const rest = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) rest.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST) rest.push([next, LAST]);
  return rest;
}

const contains = (set, point) => set.some(([first, last]) => first <= point && point <= last);

// All code points that a JavaScript regular expression for one character matches.
export function matching(source) {
  const expression = new RegExp(`^${source}$`, 'u');
  const set = [];
  for (let point = 0; point <= LAST; ++point) {
    if (!expression.test(String.fromCodePoint(point))) continue;
    const last = set.at(-1);
    if (last && last[1] === point - 1) last[1] = point;
    else set.push([point, point]);
  }
  return set;
}

const span = (first, last) => [first.codePointAt(0), last.codePointAt(0)];
const upper = [span('A', 'Z')];
const lower = [span('a', 'z')];
const digit = [span('0', '9')];
const alpha = union(upper, lower);
const punct = [span('!', '/'), span(':', '@'), span('[', '`'), span('{', '~')];

// POSIX classes as RE2 defines them: ASCII only.
export const named = {
  alnum: union(alpha, digit),
  alpha,
  ascii: [[0, 0x7f]],
  blank: union([span('\t', '\t')], [span(' ', ' ')]),
  cntrl: [[0, 0x1f], [0x7f, 0x7f]],
  digit,
  graph: [span('!', '~')],
  lower,
  print: [span(' ', '~')],
  punct,
  space: [span('\t', '\r'), span(' ', ' ')],
  upper,
  word: union(alpha, digit, [span('_', '_')]),
  xdigit: union(digit, [span('A', 'F')], [span('a', 'f')]),
  perlSpace: [span('\t', '\n'), span('\f', '\r'), span(' ', ' ')], // without the vertical tab
};

// Adds the other case of every ASCII letter in the set.
export function foldAscii(set) {
  const other = [];
  for (let i = 0; i < 26; ++i) {
    if (contains(set, 0x41 + i)) other.push([0x61 + i, 0x61 + i]);
    if (contains(set, 0x61 + i)) other.push([0x41 + i, 0x41 + i]);
  }
  return union(set, other);
}

let orbits; // code point -> all code points with the same folding, including itself

function findOrbits() {
  orbits = new Map();
  const join = (a, b) => {
    if (!new RegExp(`^\\u{${a.toString(16)}}$`, 'iu').test(String.fromCodePoint(b))) return;
    const all = new Set([...(orbits.get(a) ?? [a]), ...(orbits.get(b) ?? [b])]);
    for (const point of all) orbits.set(point, all);
  };
  for (let point = 0; point <= LAST; ++point) {
    const text = String.fromCodePoint(point);
    for (const cased of [text.toLowerCase(), text.toUpperCase()]) {
      const other = cased.codePointAt(0);
      if (other !== point && String.fromCodePoint(other) === cased) join(point, other);
    }
  }
}

// Unicode simple case folding, as used by `(?i)`.
export function foldUnicode(set) {
  if (!orbits) findOrbits();
  const added = [];
  for (const [point, all] of orbits) {
    if (contains(set, point)) for (const other of all) added.push([other, other]);
  }
  return union(set, added);
}
