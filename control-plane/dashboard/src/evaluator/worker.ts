// The worker: it gets the module, and answers the page. Nothing that it is given leaves it in another way; its one request is for
// the module.

import type { FromWorker, ToWorker } from "./protocol";
import { EvaluatorService } from "./service";

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const module = WebAssembly.compileStreaming(fetch(new URL("./workbench.wasm", import.meta.url)));
const service = new EvaluatorService(module, (message, transfer) => scope.postMessage(message, transfer));
scope.onmessage = (event) => service.receive(event.data);
