// Requests to the worker and their answers, across restarts of it.

import {
  type CallName,
  EvaluatorError,
  type Failure,
  type FromWorker,
  type Outcome,
  type Parameter,
  type Request,
  type ToWorker,
} from "./protocol";

/** What is used of a Worker. */
export type WorkerLike = {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: { data: FromWorker }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
};

type Waiting = {
  readonly request: Request;
  readonly resolve: (result: never) => void;
  readonly reject: (error: EvaluatorError) => void;
  readonly stop: () => void;
};

const failure = (code: Failure["code"], detail: string): EvaluatorError =>
  new EvaluatorError({ code, detail, findings: [] });

export class Channel {
  readonly #spawn: () => WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  #worker: WorkerLike | undefined;
  #nextId = 1;
  #isClosed = false;
  /** Counts the workers; the next one knows nothing of what this was told. */
  generation = 1;

  constructor(spawn: () => WorkerLike) {
    this.#spawn = spawn;
  }

  call<N extends CallName>(
    call: N,
    parameter: Parameter<N>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<Outcome<N>> {
    if (this.#isClosed) return Promise.reject(failure("UNAVAILABLE", "the evaluator has been closed"));
    if (signal?.aborted) return Promise.reject(failure("CANCELLED", "the call was cancelled"));
    const id = this.#nextId++;
    const request = { id, call, with: parameter } as Request;
    return new Promise<Outcome<N>>((resolve, reject) => {
      const cancel = () => {
        if (this.#waiting.has(id)) this.#worker?.postMessage({ cancel: id });
        this.#settle(id)?.reject(failure("CANCELLED", "the call was cancelled"));
      };
      signal?.addEventListener("abort", cancel, { once: true });
      const stop = () => signal?.removeEventListener("abort", cancel);
      this.#waiting.set(id, { request, resolve: resolve as (result: never) => void, reject, stop });
      try {
        this.#running().postMessage(request);
      } catch (error) {
        this.#settle(id)?.reject(failure("UNAVAILABLE", `the evaluator's worker could not be started: ${error}`));
      }
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#discard(failure("UNAVAILABLE", "the evaluator has been closed"));
  }

  #running(): WorkerLike {
    if (this.#worker) return this.#worker;
    const worker = this.#spawn();
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = ({ message }) =>
      this.#discard(failure("UNAVAILABLE", `the evaluator's worker failed: ${message ?? "it could not be loaded"}`));
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromWorker): void {
    const waiting = this.#settle(message.id);
    if ("result" in message) {
      waiting?.resolve(message.result as never);
      return;
    }
    const { failure: cause, trapped } = message;
    if (trapped) this.#discard(failure("RESTARTED", "the evaluator was started again"));
    // A worker without its module is of no use; the next call starts another, which asks for it again.
    if (cause.code === "UNAVAILABLE") this.#discard(new EvaluatorError(cause));
    waiting?.reject(new EvaluatorError(cause));
  }

  // Ends the worker, and all calls that wait.
  #discard(error: EvaluatorError): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    ++this.generation;
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.stop();
    return waiting;
  }
}
