// What the worker uses of sdk/wasm, which is JavaScript.

declare module "*/sdk/wasm/re2_syntax.mjs" {
  export function compileRe2(pattern: string, fold?: boolean): { test(text: string): boolean };
}

declare module "*/sdk/wasm/fanion.mjs" {
  type Input = string | Uint8Array | undefined;
  type Status = number;

  export class FanionError extends Error {
    readonly code: string;
    readonly findings: { item: string; pointer: string; code: string; detail: string }[];
  }

  /** An instance of the module, and how bytes are passed to it. */
  export class Instance {
    start(
      module: WebAssembly.Module,
      regex: (pattern: string, fold: boolean) => { test(text: string): boolean },
    ): Promise<Instance>;
    readonly exports: Record<string, (...inputs: (number | bigint)[]) => number> & {
      readonly memory: WebAssembly.Memory;
    };
    readonly reply: number;
    call(inputs: Input[], call: (...passed: number[]) => Status): string;
    allocate(size: number): number;
    read(data: number, size: number): string;
    pointerAt(data: number): number;
  }
}
