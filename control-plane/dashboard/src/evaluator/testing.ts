// For tests: the built module, and a worker that runs in this thread.

import { existsSync, readFileSync } from "node:fs";
import type { WorkerLike } from "./channel";
import type { FromWorker, ToWorker } from "./protocol";
import { EvaluatorService } from "./service";

const path = process.env.FANION_WORKBENCH || new URL("./workbench.wasm", import.meta.url);

/** Whether the module has been built (the CMake target fanion_workbench). */
export const hasModule = existsSync(path);

let compiled: Promise<WebAssembly.Module> | undefined;

export function workbenchModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(readFileSync(path));
  return compiled;
}

/** A worker's messages are copied, and come later. */
export class FakeWorker implements WorkerLike {
  static readonly all: FakeWorker[] = [];
  readonly sent: ToWorker[] = [];
  readonly posted: FromWorker[] = [];
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  isEnded = false;
  readonly #service: EvaluatorService;

  constructor(module: Promise<WebAssembly.Module> = workbenchModule()) {
    this.#service = new EvaluatorService(module, (message, transfer) => {
      const data = structuredClone(message, { transfer });
      this.posted.push(data);
      setTimeout(() => this.deliver(data), 0);
    });
    FakeWorker.all.push(this);
  }

  postMessage(message: ToWorker): void {
    const copy = structuredClone(message);
    this.sent.push(copy);
    setTimeout(() => this.isEnded || this.#service.receive(copy), 0);
  }

  deliver(data: FromWorker): void {
    if (!this.isEnded) this.onmessage?.({ data });
  }

  terminate(): void {
    this.isEnded = true;
  }
}

export const now = 1_763_720_000_000;

/** A boolean flag in the plain form. */
export function flagOf(key: string, rest: object = {}): object {
  const variations = [
    { key: "on", value: true },
    { key: "off", value: false },
  ];
  const served = { enabled: true, off: "off", fallthrough: { variation: "off" } };
  return { key, type: "boolean", version: 1, salt: key, variations, ...served, ...rest };
}

export const plain = (...flags: object[]): string => JSON.stringify({ flags });
