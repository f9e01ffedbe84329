// Fanion's evaluator for JavaScript: two classes that wrap fanion_eval.wasm. Requires WebAssembly, TextEncoder and BigInt, but
// not Node.js. See docs/embedding.md.
//
//     const module = await WebAssembly.compile(bytes);
//     const evaluator = await Evaluator.instantiate(module);
//     const ruleset = evaluator.load('{"flags":[..]}');
//     ruleset.evaluate('new-checkout', {targetingKey: 'alice'}, Date.now());
//     ruleset.free();
//
// An instance belongs to one thread. A RuntimeError (a trap) means that memory is exhausted; the instance must be discarded.

import {compileRe2} from './re2_syntax.mjs';

const STATUS = ['OK', 'INVALID_ARGUMENT', 'INVALID_RULESET', 'OUT_OF_MEMORY', 'INTERNAL'];
const [COMPILE, COMPILE_FOLDING, MATCH, RELEASE] = [0, 1, 2, 3]; // sdk/wasm/module/regex.cpp

// An error of the C interface: `code` is its status, `findings` is a list of {item, pointer, code, detail}.
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

// An instance of the module, and how bytes are passed to it. For modules with more functions.
export class Instance {
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

  // Passes each input as a pointer and a length. Returns the text of the reply.
  call(inputs, call) {
    const {exports} = this;
    const passed = inputs.map((input) => this.#pass(input));
    try {
      const status = call(...passed.flat());
      const reply = this.read(exports.fanion_reply_data(this.reply), exports.fanion_reply_size(this.reply));
      if (status === 0) return reply;
      const {detail, findings} = reply ? JSON.parse(reply) : {detail: 'memory is exhausted', findings: []};
      throw new FanionError(STATUS[status] ?? 'INTERNAL', detail, findings);
    } finally {
      for (const [data] of passed) exports.free(data);
    }
  }

  allocate(size) {
    const data = this.exports.malloc(Math.max(size, 1));
    if (data === 0) throw new FanionError('OUT_OF_MEMORY', 'memory is exhausted', []);
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

  // `module`: a WebAssembly.Module. `regex(pattern, fold)`: another implementation of regular expressions, for example a
  // binding of RE2. It returns an object with `test(text)`, or throws if it does not accept the pattern.
  static async instantiate(module, {regex = compileRe2} = {}) {
    return new Evaluator(await new Instance().start(module, regex));
  }

  // The memory of the instance in bytes. It grows and never shrinks.
  get memoryBytes() {
    return this.#instance.exports.memory.buffer.byteLength;
  }

  // Compiles a ruleset in the plain form, given as text or bytes.
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

// A compiled ruleset. Call `free()` when it is no longer needed.
export class Ruleset {
  #instance;
  #pointer;

  constructor(instance, pointer) {
    this.#instance = instance;
    this.#pointer = pointer;
  }

  // Evaluates a flag. Returns the answer as JSON text (docs/ruleset.md). `context`: JSON as text or bytes, or undefined for none.
  // `now`: milliseconds since 1970.
  evaluateJson(flag, context, now) {
    return this.#ask('fanion_evaluate', flag, context, now);
  }

  // The answer and its explanation, as JSON text (docs/explain.md).
  explainJson(flag, context, now) {
    return this.#ask('fanion_explain', flag, context, now);
  }

  // The same with JavaScript values. Integers beyond 2^53 lose precision.
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
    if (this.#pointer === 0) throw new FanionError('INVALID_ARGUMENT', 'the ruleset has been freed', []);
    return this.#pointer;
  }
}
