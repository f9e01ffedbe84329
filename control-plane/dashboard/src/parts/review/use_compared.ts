// What contexts get, now and with the draft. Asked of the evaluator, which is in this page.
import { useEffect, useState } from "react";
import type { Answer } from "../../evaluator/answers";
import type { RulesetRef } from "../../evaluator/client";
import { evaluator } from "../workbench";

export interface Compared {
  now: Answer;
  draft: Answer;
  isChanged: boolean;
}

export function useCompared(
  saved: RulesetRef | undefined,
  draft: RulesetRef | undefined,
  flag: string,
  contexts: readonly string[],
): readonly Compared[] | undefined {
  const [compared, setCompared] = useState<readonly Compared[]>();
  const asked = JSON.stringify(contexts);
  useEffect(() => {
    const given = JSON.parse(asked) as string[];
    if (!saved || !draft || given.length === 0) return setCompared(undefined);
    const stop = new AbortController();
    evaluator()
      .compare(saved, draft, { flags: [flag], contexts: given, now: Date.now() }, { signal: stop.signal })
      .then(({ before, after, changed }) => {
        const differs = new Set(changed);
        setCompared(given.map((_, i) => ({ now: before.at(i, 0), draft: after.at(i, 0), isChanged: differs.has(i) })));
      })
      .catch(() => {
        if (!stop.signal.aborted) setCompared(undefined);
      });
    return () => stop.abort();
  }, [saved, draft, flag, asked]);
  return compared;
}
