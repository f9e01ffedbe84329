// What the tests of the module share. FANION_WASM: the module; FANION_VECTORS: what split_vectors wrote.
import {readFileSync} from 'node:fs';

import {Evaluator} from '../../../../sdk/wasm/fanion.mjs';

export const NOW = 1763720000000;

const {FANION_WASM, FANION_VECTORS} = process.env;
if (!FANION_WASM || !FANION_VECTORS) throw new Error('FANION_WASM and FANION_VECTORS say which files to test');

export const bytes = readFileSync(FANION_WASM);
export const module = await WebAssembly.compile(bytes);
export const instantiate = (options) => Evaluator.instantiate(module, options);

// The vectors as {ruleset, flag, context, now, expect}, all texts; `context` is undefined where none is given.
export function readVectors() {
  const data = readFileSync(FANION_VECTORS);
  let at = 0;
  const take = () => {
    const colon = data.indexOf(':', at);
    const begin = colon + 1;
    const end = begin + Number(data.toString('latin1', at, colon));
    at = end + 1;
    return data.toString('utf8', begin, end);
  };
  const vectors = [];
  let ruleset = '';
  while (at < data.length) {
    ruleset = take() || ruleset;
    const [flag, context, now, expect] = [take(), take(), take(), take()];
    vectors.push({ruleset, flag, context: context === '' ? undefined : context.slice(1), now, expect});
  }
  return vectors;
}
