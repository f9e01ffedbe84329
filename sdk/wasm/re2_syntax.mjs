// RE2's syntax of regular expressions, parsed into the nodes of linear_match.mjs: every character and class becomes an explicit set
// of code points. Two expressions that RE2 accepts are refused: \C (a byte) and \B (which RE2 also finds inside a character).
//
// \p{..} and (?i) use the JavaScript engine's version of Unicode.

import {complement, foldAscii, foldUnicode, matching, named, union} from './code_points.mjs';
import {LinearMatcher} from './linear_match.mjs';

const MAX_REPEAT = 1000; // RE2's limit, also on the product of nested repetitions
const ESCAPES = {a: 7, f: 12, n: 10, r: 13, t: 9, v: 11};
const PERL = {d: named.digit, s: named.perlSpace, w: named.word};
const CATEGORIES = /^(C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;
const NEWLINE = [[10, 10]];
const LONGEST_COUNT = 32; // characters; longer ones are too large anyway

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

class Parser {
  #points;
  #at = 0;
  #fold;
  #quoted = false; // between \Q and \E

  constructor(pattern, fold) {
    this.#points = [...pattern];
    this.#fold = fold;
  }

  run() {
    const {node} = this.#alternatives({i: false, m: false, s: false});
    if (this.#at < this.#points.length) refuse('unexpected )');
    return node;
  }

  #peek(ahead = 0) {
    return this.#points[this.#at + ahead];
  }

  #take() {
    return this.#points[this.#at++] ?? refuse('it ends too soon');
  }

  // Consumes `text` if it comes next.
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

  // Parses to the end of the group, where flags set within the group end too. `repeats`: the largest product of nested counts.
  #alternatives(outer) {
    const flags = {...outer};
    const ways = [[]];
    let repeats = 1;
    while (this.#at < this.#points.length && (this.#quoted || this.#peek() !== ')')) {
      if (!this.#quoted && this.#accept('|')) {
        ways.push([]);
        continue;
      }
      const atom = this.#atom(flags);
      if (!atom) continue;
      const repeated = this.#repetition(atom);
      ways.at(-1).push(repeated.node);
      repeats = Math.max(repeats, repeated.repeats);
    }
    return {node: {any: ways.map((all) => ({all}))}, repeats};
  }

  #repetition({node, repeats}) {
    if (this.#quoted && !this.#endQuotation()) return {node, repeats};
    while (this.#accept('\\Q\\E'));
    const operator = this.#operator();
    if (!operator) return {node, repeats};
    const {min, max} = operator;
    const count = max === Infinity ? min : max;
    const total = repeats * Math.max(count, 1);
    if (count > MAX_REPEAT || total > MAX_REPEAT) refuse('a repetition count is too large');
    this.#accept('?');
    if (this.#operator()) refuse('two repetitions in a row');
    return {node: {repeat: node, min, max}, repeats: total};
  }

  #operator() {
    const simple = {'*': [0, Infinity], '+': [1, Infinity], '?': [0, 1]}[this.#peek()];
    if (simple) {
      ++this.#at;
      return {min: simple[0], max: simple[1]};
    }
    const rest = this.#points.slice(this.#at, this.#at + LONGEST_COUNT).join('');
    const counts = /^\{(\d+)(,(\d*))?\}/.exec(rest);
    if (!counts) return null;
    const [source, low, range, high] = counts;
    const min = Number(low);
    const max = !range ? min : high ? Number(high) : Infinity;
    if (max < min) refuse('a repetition from more to less');
    this.#at += source.length;
    return {min, max};
  }

  // Returns nothing for syntax that is not an expression: a change of flags, the start or end of a quotation.
  #atom(flags) {
    if (this.#quoted && this.#endQuotation()) return null;
    if (!this.#quoted && this.#operator()) refuse('a repetition of nothing');
    const c = this.#take();
    if (this.#quoted) return this.#character(c.codePointAt(0), flags);
    if (c === '(') return this.#group(flags);
    if (c === '[') return this.#plain({set: this.#characterClass(flags)});
    if (c === '\\') return this.#escape(flags);
    if (c === '.') return this.#plain({set: complement(flags.s ? [] : NEWLINE)});
    if (c === '^') return this.#plain({assert: flags.m ? 'lineBegin' : 'begin'});
    if (c === '$') return this.#plain({assert: flags.m ? 'lineEnd' : 'end'});
    return this.#character(c.codePointAt(0), flags);
  }

  #plain(node) {
    return {node, repeats: 1};
  }

  #character(point, flags) {
    return this.#set([[point, point]], flags);
  }

  #set(set, flags) {
    return this.#plain({set: this.#folded(set, flags)});
  }

  #folded(set, flags) {
    const ascii = this.#fold ? foldAscii(set) : set;
    return flags.i && set.length > 0 ? foldUnicode(ascii) : ascii;
  }

  #group(flags) {
    let inner = flags;
    if (this.#accept('?P<')) {
      const name = this.#takeThrough('>');
      if (!/^\w+$/.test(name)) refuse(`the name ${name}`);
    } else if (this.#accept('?')) {
      inner = this.#flags(flags);
      if (!inner) return null;
    }
    const group = this.#alternatives(inner);
    if (!this.#accept(')')) refuse('a missing )');
    return group;
  }

  // After "(?": returns the flags of the group, or null if they were set for the rest of the current group.
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
    if (this.#accept('Q')) {
      this.#quoted = true;
      return null;
    }
    const assert = {A: 'begin', z: 'end', b: 'wordBoundary'}[c];
    if (assert) {
      ++this.#at;
      return this.#plain({assert});
    }
    const set = this.#classEscape(flags);
    if (set) return this.#set(set, flags);
    return this.#character(this.#escapedPoint(), flags);
  }

  #endQuotation() {
    if (!this.#accept('\\E')) return false;
    this.#quoted = false;
    return true;
  }

  // After a backslash: returns \d, \pL and the like as a set, otherwise null.
  #classEscape(flags) {
    const c = this.#peek();
    const lower = c.toLowerCase();
    if (!(lower in PERL) && lower !== 'p') return null;
    ++this.#at;
    let negated = c !== lower;
    if (lower in PERL) return this.#named(PERL[lower], negated, flags);
    let name = this.#accept('{') ? this.#takeThrough('}') : this.#take();
    if (name.startsWith('^')) {
      negated = !negated;
      name = name.slice(1);
    }
    if (!/^[A-Za-z_]+$/.test(name)) refuse(`the class ${name}`);
    if (negated) this.#refuseTwoFoldings(flags);
    return this.#named(unicodeGroup(name), negated, flags);
  }

  // A class is folded before it is negated.
  #named(set, negated, flags) {
    return negated ? complement(flags.i ? foldUnicode(set) : set) : set;
  }

  // With ignore_case Fanion widens the class, while RE2 folds the negated set; the two cannot be combined into one set.
  #refuseTwoFoldings(flags) {
    if (this.#fold && flags.i) refuse('a negated class that is folded twice');
  }

  // After a backslash: an escape for one character.
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

  // After "[". The content is folded before it is negated.
  #characterClass(flags) {
    const negated = this.#accept('^');
    const sets = [];
    do {
      sets.push(this.#classMember(flags));
    } while (this.#peek() !== ']');
    ++this.#at;
    const set = this.#folded(union(...sets), flags);
    return negated ? complement(set) : set;
  }

  #classMember(flags) {
    if (this.#peek() === '[' && this.#peek(1) === ':' && this.#points.slice(this.#at + 2).join('').includes(':]')) {
      return this.#posixClass(flags);
    }
    if (this.#peek() === '\\') {
      ++this.#at;
      const set = this.#at < this.#points.length && this.#classEscape(flags);
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

  #posixClass(flags) {
    this.#at += 2;
    const negated = this.#accept('^');
    const name = this.#takeThrough(':]');
    if (!Object.hasOwn(named, name) || name === 'perlSpace') refuse(`the class ${name}`);
    if (negated) this.#refuseTwoFoldings(flags);
    return this.#named(named[name], negated, flags);
  }
}

// Returns an object with `test(text)`. `fold`: ignore the case of ASCII letters. Throws if the pattern is not accepted.
export function compileRe2(pattern, fold = false) {
  return new LinearMatcher(new Parser(pattern, fold).run());
}
