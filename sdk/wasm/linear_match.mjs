// Decides whether an expression matches somewhere in a text, in time linear in the text: a Thompson automaton made
// deterministic on the fly (Cox, "Regular Expression Matching Can Be Simple And Fast"), as in RE2. JavaScript's own engine
// backtracks: a pattern of ten characters can keep it busy forever.
//
// Nodes: {set} | {assert} | {all: nodes} | {any: nodes} | {repeat: node, min, max}; `assert` is `begin`, `end`, `lineBegin`,
// `lineEnd` or `wordBoundary`.

const MAX_INSTRUCTIONS = 50_000; // more than RE2 accepts within Fanion's memory limit for a pattern
const MAX_STATES = 1000; // in the cache

const [SET, ASSERT, SPLIT, MATCH] = [0, 1, 2, 3];
const [EDGE, NEWLINE, WORD, OTHER] = [0, 1, 2, 3]; // the kind of character next to a position

const HOLDS = {
  begin: (before) => before === EDGE,
  end: (_, after) => after === EDGE,
  lineBegin: (before) => before === EDGE || before === NEWLINE,
  lineEnd: (_, after) => after === EDGE || after === NEWLINE,
  wordBoundary: (before, after) => (before === WORD) !== (after === WORD),
};

function kindOf(point) {
  if (point === 10) return NEWLINE;
  return /\w/.test(String.fromCodePoint(point)) ? WORD : OTHER;
}

// Instructions refer to later ones, so they are built from the end.
class Program {
  instructions = [];

  constructor(node) {
    this.start = this.#build(node, this.#add({op: MATCH}));
  }

  #add(instruction) {
    if (this.instructions.length >= MAX_INSTRUCTIONS) throw new Error('the expression is too large');
    return this.instructions.push(instruction) - 1;
  }

  #build(node, next) {
    if (node.set) return this.#add({op: SET, set: node.set, next});
    if (node.assert) return this.#add({op: ASSERT, holds: HOLDS[node.assert], next});
    if (node.all) return node.all.reduceRight((behind, part) => this.#build(part, behind), next);
    if (node.any) return this.#add({op: SPLIT, ways: node.any.map((way) => this.#build(way, next))});
    return this.#repeat(node, next);
  }

  #repeat({repeat, min, max}, next) {
    let at = next;
    if (max === Infinity) {
      at = this.#add({op: SPLIT, ways: [next]});
      this.instructions[at].ways.push(this.#build(repeat, at));
    } else {
      for (let i = min; i < max; ++i) at = this.#add({op: SPLIT, ways: [next, this.#build(repeat, at)]});
    }
    for (let i = 0; i < min; ++i) at = this.#build(repeat, at);
    return at;
  }
}

// Code points that no instruction distinguishes form one class; `starts` contains the first code point of each class.
function findClasses(instructions) {
  const starts = new Set([0, 10, 11, 0x30, 0x3a, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x7b]); // line feed and the word characters
  for (const {set = []} of instructions) {
    for (const [first, last] of set) starts.add(first).add(last + 1);
  }
  return [...starts].sort((a, b) => a - b);
}

function indexOf(starts, point) {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= point) low = middle;
    else high = middle;
  }
  return low;
}

const MATCHED = {};

export class LinearMatcher {
  #program;
  #classes;
  #states = new Map();
  #initial;

  constructor(node) {
    this.#program = new Program(node);
    this.#classes = findClasses(this.#program.instructions);
    this.#initial = this.#state([], EDGE);
  }

  test(text) {
    let state = this.#initial;
    for (const character of text) {
      const index = indexOf(this.#classes, character.codePointAt(0));
      state = state.next[index] ??= this.#step(state, index);
      if (state === MATCHED) return true;
    }
    return (state.atEnd ??= this.#closure(state, EDGE) === MATCHED);
  }

  // A state is a set of active instructions and the kind of the preceding character. A match may begin at each position.
  #state(threads, before) {
    const key = `${before}:${threads}`;
    if (this.#states.size >= MAX_STATES) this.#states.clear();
    if (!this.#states.has(key)) this.#states.set(key, {threads, before, next: [], atEnd: undefined});
    return this.#states.get(key);
  }

  #step(state, index) {
    const point = this.#classes[index];
    const kind = kindOf(point);
    const waiting = this.#closure(state, kind);
    if (waiting === MATCHED) return MATCHED;
    const threads = new Set();
    for (const {set, next} of waiting) {
      if (set.some(([first, last]) => first <= point && point <= last)) threads.add(next);
    }
    return this.#state([...threads].sort((a, b) => a - b), kind);
  }

  // The instructions that consume a character, given the kind of the next one.
  #closure({threads, before}, after) {
    const {instructions, start} = this.#program;
    const seen = new Set([...threads, start]);
    const waiting = [];
    for (const at of seen) { // grows during the iteration
      const instruction = instructions[at];
      if (instruction.op === MATCH) return MATCHED;
      if (instruction.op === SET) waiting.push(instruction);
      else if (instruction.op === SPLIT) for (const way of instruction.ways) seen.add(way);
      else if (instruction.holds(before, after)) seen.add(instruction.next);
    }
    return waiting;
  }
}
