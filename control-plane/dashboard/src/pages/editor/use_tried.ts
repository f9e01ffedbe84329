// What the evaluator knows of the flag here: as it is published, with the draft, and for the context that is tried.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { testContextsQuery } from "../../api/queries/saved_contexts";
import { type FlagConfig, type Json, writeJson } from "../../model/index";
import { decidingStep } from "../../parts/explanation";
import { useFragment } from "../../parts/fragment";
import { useExplained } from "../../parts/use_explained";
import { useDraftRuleset, useRuleset } from "../../parts/workbench";
import { readContext } from "./contexts";

interface Configs {
  config: FlagConfig; // with the draft
  base: FlagConfig; // what is published
}

const textOf = (config: FlagConfig): string => writeJson(config as unknown as Json);

export function useTried(place: Place, flag: string, env: string, { config, base }: Configs) {
  const [given, keepTyped] = useFragment();
  const [typed, setTyped] = useState(given);
  const type = (next: string) => {
    setTyped(next);
    keepTyped(next);
  };
  const needed = useMemo(
    () => [...new Set([flag, ...config.prerequisites.map((each) => each.flag)])],
    [flag, config.prerequisites],
  );
  const ruleset = useQuery(rulesetQuery(place, env, needed)).data;
  const contexts = useQuery(testContextsQuery(place)).data?.contexts;
  const saved = useRuleset(ruleset);
  const draft = useDraftRuleset(saved.ruleset, flag, env, textOf(config));
  const { warnings: before } = useDraftRuleset(saved.ruleset, flag, env, textOf(base)); // the API tells them when one writes only
  const answer = useExplained(draft.ruleset, flag, readContext(typed)).explained;
  return { typed, type, contexts, saved, draft, before, lit: answer && decidingStep(answer) };
}

export type Tried = ReturnType<typeof useTried>;
