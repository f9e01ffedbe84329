// What one context gets, and why. Asked of the evaluator, which is in this page.
import { useEffect, useState } from "react";
import type { RulesetRef } from "../evaluator/client";
import { type Explained, readExplanation } from "./explanation";
import { evaluator, failureText } from "./workbench";

export interface Explaining {
  explained?: Explained;
  error?: string;
}

// `at`: the time that conditions see, without one the present.
export function useExplained(
  ruleset: RulesetRef | undefined,
  flag: string,
  context: string | undefined,
  at?: number,
): Explaining {
  const [made, setMade] = useState<Explaining>({});
  useEffect(() => {
    if (!ruleset || context === undefined) return setMade({});
    const stop = new AbortController();
    evaluator()
      .explain(ruleset, { flag, context, now: at ?? Date.now() }, { signal: stop.signal })
      .then((text) => {
        const explained = readExplanation(text);
        setMade(explained ? { explained } : {});
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setMade({ error: failureText(error) });
      });
    return () => stop.abort();
  }, [ruleset, flag, context, at]);
  return made;
}
