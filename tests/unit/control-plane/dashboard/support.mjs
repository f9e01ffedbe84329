// The functions of workbench.h, called with texts.
import {Instance} from '../../../../sdk/wasm/fanion.mjs';
import {compileRe2} from '../../../../sdk/wasm/re2_syntax.mjs';
import {module} from '../../sdk/node/support.mjs';

export {bytes, module, NOW, readVectors} from '../../sdk/node/support.mjs';

export async function start() {
  const instance = await new Instance().start(module, compileRe2);
  const {exports, reply} = instance;
  const ask = (name, ...texts) => JSON.parse(instance.call(texts, (...passed) => exports[name](...passed, reply)));
  // Calls a function that makes an object, whose address follows the inputs; returns both.
  const make = (texts, call) => {
    const out = instance.allocate(4);
    try {
      const answer = instance.call(texts, (...passed) => call(passed, out));
      return {object: instance.pointerAt(out), answer};
    } finally {
      exports.free(out);
    }
  };
  return {instance, ask, make};
}
