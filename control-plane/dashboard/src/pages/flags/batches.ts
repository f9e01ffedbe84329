// Sends batches one after another. Each is done as a whole or not at all; what was refused, and what comes after it, is left. Pure but
// for what it is given to send with.
export interface Progress {
  done: number; // batches
  state: "running" | "stopped" | "failed" | "finished";
  error?: unknown; // why the batch after those done was not
}

export interface Run<T> {
  batches: readonly T[];
  from: number; // batches that are done
  send: (batch: T, index: number) => Promise<void>;
  isStopped: () => boolean; // asked before each: what is under way is not broken off
  onProgress: (progress: Progress) => void;
}

export async function runBatches<T>({ batches, from, send, isStopped, onProgress }: Run<T>): Promise<Progress> {
  const ended = (progress: Progress) => {
    onProgress(progress);
    return progress;
  };
  for (let done = from; done < batches.length; done++) {
    if (isStopped()) return ended({ done, state: "stopped" });
    onProgress({ done, state: "running" });
    try {
      await send(batches[done] as T, done);
    } catch (error) {
      return ended({ done, state: "failed", error });
    }
  }
  return ended({ done: batches.length, state: "finished" });
}
