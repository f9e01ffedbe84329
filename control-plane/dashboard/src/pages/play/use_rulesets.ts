// The rulesets that contexts are put to, as the evaluator holds them: of each environment what is saved, and what that is compared
// with, a version of before or one's own drafts.
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import type { RulesetRef } from "../../evaluator/client";
import { evaluator, failureText } from "../../parts/workbench";
import type { FlagDraft } from "./drafts";

export type Against =
  | { readonly version: string; readonly drafts?: undefined }
  | { readonly version?: undefined; readonly drafts: readonly FlagDraft[]; readonly said: string };

// `now` is shown, and what `before` answers otherwise is marked: saved against a version, or drafts against what is saved.
export interface Loaded {
  env: string;
  now: RulesetRef;
  before: RulesetRef | undefined;
  against: Against | undefined;
}

interface Read {
  env: string;
  against: Against | undefined;
  saved: string;
  past: string | undefined;
}

async function load({ env, against, saved, past }: Read, made: RulesetRef[], signal: AbortSignal): Promise<Loaded> {
  const keep = (ruleset: RulesetRef): RulesetRef => {
    made.push(ruleset);
    return ruleset;
  };
  const present = keep(await evaluator().load(saved, { signal }));
  if (past !== undefined) {
    const before = keep(await evaluator().load(past, { signal }));
    return { env, against, now: present, before };
  }
  if (!against?.drafts) return { env, against, now: present, before: undefined };
  let now = present;
  for (const { flag, config } of against.drafts)
    now = keep((await evaluator().draft(now, { flag, config, environment: env }, { signal })).ruleset);
  return { env, against, now, before: present };
}

const idOf = (against: Against | undefined): string | undefined =>
  against?.drafts ? JSON.stringify(against.drafts) : against?.version;

// The list of before, as long as its elements are the same.
function useStable<T>(list: readonly T[]): readonly T[] {
  const held = useRef(list);
  const isSame = list.length === held.current.length && list.every((each, i) => each === held.current[i]);
  if (!isSame) held.current = list;
  return held.current;
}

function useTexts(
  place: Place,
  flags: readonly string[],
  wanted: readonly { env: string; version: string | undefined }[],
) {
  return useQueries({
    queries: wanted.map(({ env, version }) => ({
      // Of a past version everything: a flag may not have been there, which is an answer too.
      ...rulesetQuery(place, env, version === undefined ? flags : [], version),
      enabled: flags.length > 0,
    })),
    combine: (results) => ({
      texts: results.map((result) => result.data),
      error: results.find((result) => result.isError)?.error,
    }),
  });
}

export function useRulesets(
  place: Place,
  flags: readonly string[],
  envs: readonly string[],
  againsts: ReadonlyMap<string, Against>,
): { rulesets?: readonly Loaded[]; error?: unknown } {
  const saved = useTexts(
    place,
    flags,
    envs.map((env) => ({ env, version: undefined })),
  );
  const compared = envs.flatMap((env) => {
    const version = againsts.get(env)?.version;
    return version === undefined ? [] : [{ env, version }];
  });
  const past = useTexts(place, flags, compared);
  const read = envs.map((env, i) => ({
    env,
    against: againsts.get(env),
    saved: saved.texts[i],
    past: past.texts[compared.findIndex((one) => one.env === env)],
  }));
  const isRead =
    flags.length > 0 && read.every((one) => one.saved !== undefined) && past.texts.every((text) => text !== undefined);
  const held = useStable([isRead, ...read.flatMap((one) => [one.env, idOf(one.against), one.saved, one.past])]);
  const [state, setState] = useState<{ rulesets?: readonly Loaded[]; error?: unknown }>({});

  // biome-ignore lint/correctness/useExhaustiveDependencies: by the texts and drafts themselves
  useEffect(() => {
    if (!isRead) return;
    const stop = new AbortController();
    const made: RulesetRef[] = [];
    const loads = read.map((one) => load(one as Read, made, stop.signal));
    Promise.all(loads)
      .then((rulesets) => stop.signal.aborted || setState({ rulesets }))
      .catch((error: unknown) => stop.signal.aborted || setState({ error: failureText(error) }));
    // Of those that were asked for when this ended some may come yet.
    void Promise.allSettled(loads).then(() => stop.signal.aborted && freeAll(made));
    return () => {
      stop.abort();
      setState({});
      freeAll(made);
    };
  }, [held]);

  const error = saved.error ?? past.error;
  return error === undefined ? state : { error };
}

function freeAll(made: RulesetRef[]): void {
  for (const ruleset of made.splice(0)) evaluator().free(ruleset);
}
