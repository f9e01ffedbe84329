// What the evaluator knows of the flag here: as it is published, with the draft, and for the context that is tried.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { testContextsQuery } from "../../api/queries/saved_contexts";
import { type FlagConfig, type Json, writeJson } from "../../model/index";
import { decidingStep } from "../../parts/explanation";
import { useExplained } from "../../parts/use_explained";
import { useDraftRuleset, useRuleset } from "../../parts/workbench";
import { contextInHash, readContext } from "./contexts";

export function useTried(place: Place, flag: string, env: string, config: FlagConfig) {
  const [typed, setTyped] = useState(() => contextInHash(window.location.hash));
  const needed = useMemo(
    () => [...new Set([flag, ...config.prerequisites.map((each) => each.flag)])],
    [flag, config.prerequisites],
  );
  const ruleset = useQuery(rulesetQuery(place, env, needed)).data;
  const contexts = useQuery(testContextsQuery(place)).data?.contexts;
  const saved = useRuleset(ruleset);
  const draft = useDraftRuleset(saved.ruleset, flag, env, writeJson(config as unknown as Json));
  const answer = useExplained(draft.ruleset, flag, readContext(typed)).explained;
  return { typed, setTyped, contexts, saved, draft, lit: answer && decidingStep(answer) };
}

export type Tried = ReturnType<typeof useTried>;
