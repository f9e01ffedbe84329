// Evaluates all contexts for the flags in each environment, and by what these are compared with.
import { useEffect, useState } from "react";
import { evaluator, failureText } from "../../parts/workbench";
import type { EnvAnswers } from "./grid";
import type { Loaded } from "./use_rulesets";

export interface Answered {
  results: readonly EnvAnswers[];
  rulesets: readonly Loaded[];
  contexts: readonly string[]; // that the results are about
  at: number; // the time that rules saw
  milliseconds: number;
}

interface Question {
  flags: readonly string[];
  contexts: readonly string[];
  now: number;
}

async function answer({ now, before, env }: Loaded, question: Question, signal: AbortSignal): Promise<EnvAnswers> {
  const { flags } = question;
  if (!before) {
    const answers = await evaluator().evaluate(now, question, { signal });
    return { env, flags, now: answers, before: undefined, changed: new Set() };
  }
  const compared = await evaluator().compare(before, now, question, { signal });
  return { env, flags, now: compared.after, before: compared.before, changed: new Set(compared.changed) };
}

export function useAnswers(
  rulesets: readonly Loaded[] | undefined,
  flags: readonly string[],
  contexts: readonly string[],
  now: number | undefined,
): { answered?: Answered; error?: string } {
  const [state, setState] = useState<{ answered?: Answered; error?: string }>({});
  useEffect(() => {
    if (!rulesets || contexts.length === 0) return;
    const stop = new AbortController();
    const begun = performance.now();
    const at = now ?? Date.now();
    Promise.all(rulesets.map((one) => answer(one, { flags, contexts, now: at }, stop.signal)))
      .then((results) => {
        const milliseconds = Math.round(performance.now() - begun);
        if (!stop.signal.aborted) setState({ answered: { results, rulesets, contexts, at, milliseconds } });
      })
      .catch((error: unknown) => stop.signal.aborted || setState({ error: failureText(error) }));
    return () => stop.abort();
  }, [rulesets, flags, contexts, now]);
  return state;
}
