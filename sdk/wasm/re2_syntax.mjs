// RE2's regular expressions for JavaScript's engine: the pattern is parsed and written anew, every character and class as an
// explicit set of code points, so that nothing is left to a difference between the two dialects. Patterns that have no exact
// counterpart are refused, never answered differently: \C (a byte) and \B (which RE2 also finds inside a character).
//
// What remains different: JavaScript's engine backtracks, so a pattern can be slow where RE2's time is linear; the tables behind
// \p{..} and (?i) are of the engine's version of Unicode; and RE2's limit on a pattern's memory is not repeated.

import {complement, foldAscii, foldUnicode, matching, named, toClass, union} from './code_points.mjs';

const MAX_REPEAT = 1000; // RE2's, also for repetitions inside one another
const ESCAPES = {a: 7, f: 12, n: 10, r: 13, t: 9, v: 11};
const PERL = {d: named.digit, s: named.perlSpace, w: named.word};
const CATEGORIES = /^(C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;
const ONLY_NEWLINE = [[10, 10]];

class Refused extends Error {}

function refuse(what) {
  throw new Refused(`not a regular expression that can be taken: ${what}`);
}

const groups = new Map();

// \p{name}. RE2's C has no unassigned code points.
function unicodeGroup(name) {
  if (name === 'Any') return complement([]);
  if (!groups.has(name)) {
    const category = name === 'C' ? '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}]' : `\\p{${name}}`;
    groups.set(name, matching(CATEGORIES.test(name) ? category : `\\p{Script=${name}}`));
  }
  return groups.get(name);
}

class Translator {
  #points;
  #at = 0;
  #fold;
  #names = new Set();

  constructor(pattern, fold) {
    this.#points = [...pattern];
    this.#fold = fold;
  }

  run() {
    const {source} = this.#alternatives({i: false, m: false, s: false});
    if (this.#at < this.#points.length) refuse('unexpected )');
    return source;
  }

  #peek(ahead = 0) {
    return this.#points[this.#at + ahead];
  }

  #take() {
    return this.#points[this.#at++] ?? refuse('it ends too soon');
  }

  // Takes `text` if it comes next.
  #accept(text) {
    if (![...text].every((c, index) => this.#peek(index) === c)) return false;
    this.#at += [...text].length;
    return true;
  }

  #takeThrough(end) {
    const begin = this.#at;
    while (!this.#accept(end)) this.#take();
    return this.#points.slice(begin, this.#at - [...end].length).join('');
  }

  // To the end of the group. Flags set in it hold to its end.
  #alternatives(outer) {
    const flags = {...outer};
    let source = '';
    let repeats = 1;
    while (this.#at < this.#points.length && this.#peek() !== ')') {
      if (this.#accept('|')) {
        source += '|';
        continue;
      }
      const atom = this.#atom(flags);
      if (!atom) continue;
      const repeated = this.#repetition(atom);
      source += repeated.source;
      repeats = Math.max(repeats, repeated.repeats);
    }
    return {source, repeats};
  }

  #repetition({source, repeats}) {
    const operator = this.#operator();
    if (!operator) return {source, repeats};
    const total = repeats * Math.max(operator.count, 1);
    if (operator.count > MAX_REPEAT || total > MAX_REPEAT) refuse('a repetition count is too large');
    this.#accept('?');
    if (this.#operator()) refuse('two repetitions in a row');
    return {source: `(?:${source})${operator.source}`, repeats: total};
  }

  #operator() {
    const c = this.#peek();
    if (c === '*' || c === '+' || c === '?') return {source: this.#take(), count: 0};
    const braces = c === '{' && /^\{(\d+)(,(\d*))?\}/.exec(this.#points.slice(this.#at, this.#at + 32).join(''));
    if (!braces) return null;
    const [source, low, range, high] = braces;
    if (high && Number(high) < Number(low)) refuse('a repetition from more to less');
    this.#at += source.length;
    return {source, count: Number(range && high ? high : low)};
  }

  // Nothing for what is no expression: a change of flags, an empty quotation.
  #atom(flags) {
    const c = this.#take();
    if (c === '(') return this.#group(flags);
    if (c === '[') return this.#plain(toClass(this.#characterClass(flags)));
    if (c === '\\') return this.#escape(flags);
    if (c === '.') return this.#plain(toClass(flags.s ? complement([]) : complement(ONLY_NEWLINE)));
    if (c === '^') return this.#plain(flags.m ? '(?<![^\\n])' : '^');
    if (c === '$') return this.#plain(flags.m ? '(?![^\\n])' : '$');
    if (c === '*' || c === '+' || c === '?') refuse('a repetition of nothing');
    return this.#character(c.codePointAt(0), flags);
  }

  #plain(source) {
    return {source, repeats: 1};
  }

  #character(point, flags) {
    return this.#set([[point, point]], flags);
  }

  #set(set, flags) {
    return this.#plain(toClass(this.#folded(set, flags)));
  }

  #folded(set, flags) {
    const ascii = this.#fold ? foldAscii(set) : set;
    return flags.i && set.length > 0 ? foldUnicode(ascii) : ascii;
  }

  #group(flags) {
    let inner = flags;
    if (this.#accept('?P<')) {
      this.#name();
    } else if (this.#accept('?')) {
      inner = this.#flags(flags);
      if (!inner) return null;
    }
    const {source, repeats} = this.#alternatives(inner);
    if (!this.#accept(')')) refuse('a missing )');
    return {source: `(?:${source})`, repeats};
  }

  #name() {
    const name = this.#takeThrough('>');
    if (!/^\w+$/.test(name) || this.#names.has(name)) refuse(`the name ${name}`);
    this.#names.add(name);
  }

  // After "(?": the flags of the group, or null when they were set for the rest of the group we are in.
  #flags(current) {
    const [, on, minus, off, end] = /^([imsU]*)(-?)([imsU]*)([:)])/.exec(this.#points.slice(this.#at).join('')) ?? refuse('(?');
    if ((minus && !off) || (!minus && !on && end === ')')) refuse('flags that set nothing');
    this.#at += on.length + minus.length + off.length + 1;
    const target = end === ')' ? current : {...current};
    for (const flag of on) target[flag] = true;
    for (const flag of off) target[flag] = false;
    return end === ')' ? null : target;
  }

  #escape(flags) {
    const c = this.#peek() ?? refuse('a backslash at the end');
    if (c === 'Q') return this.#quotation(flags);
    const anchor = {A: '^', z: '$', b: '\\b'}[c];
    if (anchor) {
      ++this.#at;
      return this.#plain(anchor);
    }
    const set = this.#classEscape();
    if (set) return this.#set(set, flags);
    return this.#character(this.#escapedPoint(), flags);
  }

  // \Q..\E; a repetition behind it is one of its last character.
  #quotation(flags) {
    ++this.#at;
    const begin = this.#at;
    while (this.#at < this.#points.length && !(this.#peek() === '\\' && this.#peek(1) === 'E')) ++this.#at;
    const atoms = this.#points.slice(begin, this.#at).map((c) => this.#character(c.codePointAt(0), flags).source);
    this.#accept('\\E');
    if (atoms.length === 0) return null;
    if (/[*+?{]/.test(this.#peek() ?? '')) refuse('a repetition behind \\E');
    return this.#plain(atoms.join(''));
  }

  // Behind a backslash: \d, \pL and the like as a set, or null.
  #classEscape() {
    const c = this.#peek();
    const lower = c.toLowerCase();
    if (!(lower in PERL) && lower !== 'p') return null;
    ++this.#at;
    let negated = c !== lower;
    if (lower in PERL) return negated ? complement(PERL[lower]) : PERL[lower];
    let name = this.#accept('{') ? this.#takeThrough('}') : this.#take();
    if (name.startsWith('^')) {
      negated = !negated;
      name = name.slice(1);
    }
    if (!/^[A-Za-z_]+$/.test(name)) refuse(`the class ${name}`);
    return negated ? complement(unicodeGroup(name)) : unicodeGroup(name);
  }

  // Behind a backslash that stands for one character.
  #escapedPoint() {
    const c = this.#take();
    if (/[0-7]/.test(c)) return this.#octal(c);
    if (c === 'x') return this.#hexadecimal();
    if (c in ESCAPES) return ESCAPES[c];
    if (c.codePointAt(0) < 0x80 && !/[0-9A-Za-z]/.test(c)) return c.codePointAt(0);
    return refuse(`the escape \\${c}`);
  }

  #octal(first) {
    let digits = first;
    while (digits.length < 3 && /^[0-7]$/.test(this.#peek() ?? '')) digits += this.#take();
    if (digits.length === 1 && first !== '0') refuse('a reference to a group');
    return parseInt(digits, 8);
  }

  #hexadecimal() {
    const digits = this.#accept('{') ? this.#takeThrough('}') : this.#take() + this.#take();
    const point = /^[0-9A-Fa-f]+$/.test(digits) ? parseInt(digits, 16) : Infinity;
    return point <= 0x10ffff ? point : refuse(`the code point ${digits}`);
  }

  // Behind "[". What it holds is folded before it is negated.
  #characterClass(flags) {
    const negated = this.#accept('^');
    const sets = [];
    do {
      sets.push(this.#classMember());
    } while (this.#peek() !== ']');
    ++this.#at;
    const set = this.#folded(union(...sets), flags);
    return negated ? complement(set) : set;
  }

  #classMember() {
    if (this.#peek() === '[' && this.#peek(1) === ':' && this.#points.slice(this.#at + 2).join('').includes(':]')) {
      return this.#posixClass();
    }
    if (this.#peek() === '\\') {
      ++this.#at;
      const set = this.#at < this.#points.length && this.#classEscape();
      if (set) return set;
      --this.#at;
    }
    const first = this.#classCharacter();
    if (this.#peek() !== '-' || this.#peek(1) === ']' || this.#peek(1) === undefined) return [[first, first]];
    ++this.#at;
    const last = this.#classCharacter();
    return first <= last ? [[first, last]] : refuse('a range from more to less');
  }

  #classCharacter() {
    return this.#accept('\\') ? this.#escapedPoint() : this.#take().codePointAt(0);
  }

  #posixClass() {
    this.#at += 2;
    const negated = this.#accept('^');
    const name = this.#takeThrough(':]');
    if (!Object.hasOwn(named, name) || name === 'perlSpace') refuse(`the class ${name}`);
    return negated ? complement(named[name]) : named[name];
  }
}

// An object with `test(text)`. `fold`: ASCII letters of both cases match each other. Throws where the pattern is not taken.
export function compileRe2(pattern, fold = false) {
  return new RegExp(new Translator(pattern, fold).run(), 'u');
}
