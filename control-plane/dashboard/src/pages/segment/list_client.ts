// Asks the worker about a file; a new question ends the one before.
import { trustedScript } from "../../evaluator/spawn";
import type { ListAnswer, ListQuestion } from "./list_protocol";
import workerUrl from "./list_worker?worker&url";

export function askList(question: ListQuestion, signal: AbortSignal): Promise<ListAnswer> {
  const worker = new Worker(trustedScript(workerUrl), { type: "module", name: "list" });
  return new Promise<ListAnswer>((resolve, reject) => {
    const end = () => worker.terminate();
    signal.addEventListener("abort", end, { once: true });
    worker.onmessage = ({ data }: MessageEvent<ListAnswer | { failure: string }>) => {
      end();
      if ("failure" in data) reject(new Error(data.failure));
      else resolve(data);
    };
    worker.onerror = ({ message }) => {
      end();
      reject(new Error(message));
    };
    worker.postMessage(question);
  });
}
