// One thing that a person tries: whether it is under way, and what came of it, for the fields that are concerned.
import { useRef, useState } from "react";
import { newIdempotencyKey } from "../api/client";
import { isProblem } from "../api/errors";
import { problemText } from "./Problem";

export interface Attempt {
  isBusy: boolean;
  error: unknown;
  at: (pointer: string) => string | undefined;
  apartFrom: (pointers: readonly string[]) => string | undefined; // what belongs to none of these fields
  run: (work: (intention: string) => Promise<void>) => Promise<boolean>;
  clear: () => void;
}

export function useAttempt(): Attempt {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const intention = useRef(newIdempotencyKey());
  const problem = isProblem(error) ? error : undefined;
  const run = async (work: (intention: string) => Promise<void>) => {
    if (isBusy) return false;
    setBusy(true);
    try {
      await work(intention.current);
      intention.current = newIdempotencyKey();
      setError(undefined);
      return true;
    } catch (failed) {
      // Refused is decided: the next attempt is another one. What got no answer may have been done.
      if (isProblem(failed)) intention.current = newIdempotencyKey();
      setError(failed);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    error,
    at: (pointer) => problem?.at(pointer),
    apartFrom: (pointers) =>
      problem ? problem.apartFrom(pointers) : error === undefined ? undefined : problemText(error),
    run,
    clear: () => setError(undefined),
  };
}
