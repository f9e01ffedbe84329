// Fanion's evaluator in JavaScript: fanion_eval.wasm behind two classes. Needs WebAssembly, TextEncoder and BigInt, nothing
// of Node.js; docs/embedding.md shows it at work.
//
//     const module = await WebAssembly.compile(bytes);
//     const evaluator = await Evaluator.instantiate(module);
//     const ruleset = evaluator.load('{"flags":[..]}');
//     ruleset.evaluate('new-checkout', {targetingKey: 'alice'}, Date.now());
//     ruleset.free();
//
// One instance is one thread's. A RuntimeError (a trap) means that memory is exhausted: throw the instance away.

import {compileRe2} from './re2_syntax.mjs';

const STATUS = ['OK', 'INVALID_ARGUMENT', 'INVALID_RULESET', 'OUT_OF_MEMORY', 'INTERNAL'];
const [COMPILE, COMPILE_FOLDING, MATCH, RELEASE] = [0, 1, 2, 3]; // sdk/wasm/module/regex.cpp

// What the C interface refused: `code` is its status, `findings` the places, each {item, pointer, code, detail}.
export class FanionError extends Error {
  constructor(code, detail, findings) {
    super(`${code}: ${detail}`);
    this.name = 'FanionError';
    this.code = code;
    this.findings = findings;
  }
}

// The module's one import. `compile(pattern, fold)` returns an object with `test(text)` or throws.
function makeRegexHost(compile, read) {
  const regexes = new Map();
  let next = 0;
  const add = (pattern, fold) => {
    try {
      regexes.set(next, compile(pattern, fold));
    } catch {
      return -1;
    }
    return next++;
  };
  return (operation, handle, data, size) => {
    switch (operation) {
      case COMPILE:
      case COMPILE_FOLDING:
        return add(read(data, size), operation === COMPILE_FOLDING);
      case MATCH:
        return regexes.get(handle).test(read(data, size)) ? 1 : 0;
      case RELEASE:
        regexes.delete(handle);
        return 0;
      default:
        return -1;
    }
  };
}

// The instance with the passing of bytes.
class Instance {
  #encoder = new TextEncoder();
  #decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

  async start(module, regex) {
    const host = makeRegexHost(regex, (data, size) => this.read(data, size));
    const {exports} = await WebAssembly.instantiate(module, {fanion: {regex: host}});
    exports._initialize();
    this.exports = exports;
    this.reply = exports.fanion_reply_new();
    return this;
  }

  // Passes the inputs as a pointer and a length each; returns the reply's text.
  call(inputs, call) {
    const {exports} = this;
    const passed = inputs.map((input) => this.#pass(input));
    try {
      const status = call(...passed.flat());
      const reply = this.read(exports.fanion_reply_data(this.reply), exports.fanion_reply_size(this.reply));
      if (status === 0) return reply;
      const {detail, findings} = reply ? JSON.parse(reply) : {detail: 'no memory', findings: []};
      throw new FanionError(STATUS[status] ?? 'INTERNAL', detail, findings);
    } finally {
      for (const [data] of passed) exports.free(data);
    }
  }

  allocate(size) {
    const data = this.exports.malloc(Math.max(size, 1));
    if (data === 0) throw new FanionError('OUT_OF_MEMORY', 'no memory', []);
    return data;
  }

  read(data, size) {
    return this.#decoder.decode(new Uint8Array(this.exports.memory.buffer, data, size));
  }

  pointerAt(data) {
    return new DataView(this.exports.memory.buffer).getUint32(data, true);
  }

  #pass(input) {
    if (input === undefined) return [0, 0];
    const bytes = typeof input === 'string' ? this.#encoder.encode(input) : input;
    const data = this.allocate(bytes.length);
    new Uint8Array(this.exports.memory.buffer, data, bytes.length).set(bytes);
    return [data, bytes.length];
  }
}

export class Evaluator {
  #instance;

  constructor(instance) {
    this.#instance = instance;
  }

  // `module`: a WebAssembly.Module. `regex(pattern, fold)`: another way to compile patterns, for example a binding of RE2;
  // returns an object with `test(text)`, or throws where it cannot take the pattern.
  static async instantiate(module, {regex = compileRe2} = {}) {
    return new Evaluator(await new Instance().start(module, regex));
  }

  // What the instance takes: it grows and never shrinks.
  get memoryBytes() {
    return this.#instance.exports.memory.buffer.byteLength;
  }

  // Compiles the plain form of a ruleset, text or bytes.
  load(text) {
    const instance = this.#instance;
    const out = instance.allocate(4);
    try {
      instance.call([text], (data, size) => instance.exports.fanion_ruleset_create(data, size, out, instance.reply));
      return new Ruleset(instance, instance.pointerAt(out));
    } finally {
      instance.exports.free(out);
    }
  }

  // Mistakes in a ruleset that compiles, each {item, pointer, code, detail}.
  check(text) {
    const {exports, reply} = this.#instance;
    return JSON.parse(this.#instance.call([text], (data, size) => exports.fanion_check(data, size, reply))).warnings;
  }
}

// A compiled ruleset; `free()` it when it is replaced.
export class Ruleset {
  #instance;
  #pointer;

  constructor(instance, pointer) {
    this.#instance = instance;
    this.#pointer = pointer;
  }

  // The answer as the JSON text of ruleset.md. `context`: JSON as text or bytes, or undefined for none. `now`: milliseconds
  // since 1970.
  evaluateJson(flag, context, now) {
    return this.#ask('fanion_evaluate', flag, context, now);
  }

  // The answer and how it came about, as JSON text.
  explainJson(flag, context, now) {
    return this.#ask('fanion_explain', flag, context, now);
  }

  // The same on values. Numbers become JavaScript's: 64-bit integers lose digits.
  evaluate(flag, context, now) {
    return JSON.parse(this.evaluateJson(flag, JSON.stringify(context), now));
  }

  // The keys of all flags, in order.
  flags() {
    const {exports} = this.#instance;
    const size = this.#instance.allocate(4);
    const key = (index) => {
      const data = exports.fanion_ruleset_flag_key(this.#live(), index, size);
      return this.#instance.read(data, this.#instance.pointerAt(size));
    };
    try {
      return Array.from({length: exports.fanion_ruleset_flag_count(this.#live())}, (_, index) => key(index));
    } finally {
      exports.free(size);
    }
  }

  free() {
    this.#instance.exports.fanion_ruleset_free(this.#pointer);
    this.#pointer = 0;
  }

  #ask(name, flag, context, now) {
    const {exports, reply} = this.#instance;
    const call = (...inputs) => exports[name](this.#live(), ...inputs, BigInt(now), reply);
    return this.#instance.call([flag, context], call);
  }

  #live() {
    if (this.#pointer === 0) throw new FanionError('INVALID_ARGUMENT', 'the ruleset is freed', []);
    return this.#pointer;
  }
}
