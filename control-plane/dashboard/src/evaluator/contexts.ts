// Contexts on their way to the module: their bytes one after the other.

export type PackedContexts = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sizes: Uint32Array<ArrayBuffer>; // in bytes
};

/** Packs contexts, each a JSON text. */
export function packContexts(contexts: readonly string[]): PackedContexts {
  const encoder = new TextEncoder();
  const sizes = new Uint32Array(contexts.length);
  let bytes = new Uint8Array(Math.max(1, 4 * contexts.reduce((sum, text) => sum + text.length, 0)));
  let at = 0;
  contexts.forEach((text, index) => {
    const { written } = encoder.encodeInto(text, bytes.subarray(at));
    sizes[index] = written;
    at += written;
  });
  bytes = bytes.slice(0, at);
  return { bytes, sizes };
}
