// The evaluator for pages: one worker, started when it is first needed.
import { useEffect, useRef, useState } from "react";
import type { WorkerLike } from "../evaluator/channel";
import { EvaluatorClient, type RulesetRef } from "../evaluator/client";
import { EvaluatorError, type Finding } from "../evaluator/protocol";
import { spawnWorker } from "../evaluator/spawn";

let client: EvaluatorClient | undefined;

export function evaluator(): EvaluatorClient {
  client ??= new EvaluatorClient(() => spawnWorker() as unknown as WorkerLike);
  return client;
}

export const failureText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export interface Loaded {
  ruleset?: RulesetRef;
  error?: string;
}

// A ruleset's text as the evaluator holds it, as long as it is shown.
export function useRuleset(text: string | undefined): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({});
  useEffect(() => {
    if (text === undefined) return;
    const stop = new AbortController();
    let made: RulesetRef | undefined;
    evaluator()
      .load(text, { signal: stop.signal })
      .then((ruleset) => {
        made = ruleset;
        if (stop.signal.aborted) evaluator().free(ruleset);
        else setLoaded({ ruleset });
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setLoaded({ error: failureText(error) });
      });
    return () => {
      stop.abort();
      if (made) evaluator().free(made);
      setLoaded({});
    };
  }, [text]);
  return loaded;
}

export interface LoadedDraft extends Loaded {
  warnings: readonly Finding[];
  findings: readonly Finding[]; // why it cannot be made
  config?: string; // what it was made of
}

const none: LoadedDraft = { warnings: [], findings: [] };

// `base` with another configuration of the flag. The last good one stays until the next has come.
export function useDraftRuleset(base: RulesetRef | undefined, flag: string, env: string, config: string): LoadedDraft {
  const [loaded, setLoaded] = useState<LoadedDraft>(none);
  const held = useRef<RulesetRef | undefined>(undefined);
  useEffect(() => {
    if (!base) return;
    const stop = new AbortController();
    const hold = (next: LoadedDraft) => {
      const before = held.current;
      held.current = next.ruleset;
      setLoaded(next);
      if (before) evaluator().free(before);
    };
    evaluator()
      .draft(base, { flag, config, environment: env }, { signal: stop.signal })
      .then(({ ruleset, warnings }) => {
        if (stop.signal.aborted) evaluator().free(ruleset);
        else hold({ ruleset, warnings, findings: [], config });
      })
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        const findings = error instanceof EvaluatorError ? error.findings : [];
        hold({ warnings: [], findings, error: failureText(error), config });
      });
    return () => stop.abort();
  }, [base, flag, env, config]);
  useEffect(
    () => () => {
      if (held.current) evaluator().free(held.current);
      held.current = undefined;
    },
    [],
  );
  return base ? loaded : none;
}
