// Evaluates all contexts for the flags in each environment, and by the versions that they are compared with.
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import type { RulesetRef } from "../../evaluator/client";
import { evaluator, failureText } from "../../parts/workbench";
import type { EnvAnswers } from "./grid";

export interface Asked {
  place: Place;
  flags: readonly string[];
  envs: readonly string[];
  versions: ReadonlyMap<string, string>;
  contexts: readonly string[];
  now: number | undefined;
}

export interface Loaded {
  env: string;
  version: string | undefined; // that it is compared with
  now: RulesetRef;
  before: RulesetRef | undefined;
}

export interface State {
  results?: readonly EnvAnswers[];
  rulesets?: readonly Loaded[];
  milliseconds?: number;
  contexts?: readonly string[]; // that the results are about
  at?: number; // the time that rules saw
  error?: unknown;
}

async function loadAll(
  texts: readonly { env: string; version: string | undefined; now: string; before: string | undefined }[],
  signal: AbortSignal,
) {
  const loaded: Loaded[] = [];
  for (const { env, version, now, before } of texts) {
    const present = await evaluator().load(now, { signal });
    loaded.push({
      env,
      version,
      now: present,
      before: before === undefined ? undefined : await evaluator().load(before, { signal }),
    });
  }
  return loaded;
}

async function answer(
  { now, before, env }: Loaded,
  question: { flags: readonly string[]; contexts: readonly string[]; now: number },
  signal: AbortSignal,
): Promise<EnvAnswers> {
  const { flags } = question;
  if (!before)
    return {
      env,
      flags,
      now: await evaluator().evaluate(now, question, { signal }),
      before: undefined,
      changed: new Set(),
    };
  const compared = await evaluator().compare(before, now, question, { signal });
  return { env, flags, now: compared.after, before: compared.before, changed: new Set(compared.changed) };
}

export const free = (rulesets: readonly Loaded[]): void => {
  for (const { now, before } of rulesets) {
    evaluator().free(now);
    if (before) evaluator().free(before);
  }
};

// The list of before, as long as its elements are the same.
function useStable<T>(list: readonly T[]): readonly T[] {
  const held = useRef(list);
  const isSame = list.length === held.current.length && list.every((each, i) => each === held.current[i]);
  if (!isSame) held.current = list;
  return held.current;
}

export function useAnswers({ place, flags, envs, versions, contexts, now }: Asked): State & { isPending: boolean } {
  const isAsked = flags.length > 0;
  const wantedTexts = envs.flatMap((env) => {
    const version = versions.get(env);
    return version === undefined
      ? [{ env, version }]
      : [
          { env, version: undefined },
          { env, version },
        ];
  });
  const texts = useQueries({
    queries: wantedTexts.map(({ env, version }) => ({
      // Of a past version everything: a flag may not have been there, which is an answer too.
      ...rulesetQuery(place, env, version === undefined ? flags : [], version),
      enabled: isAsked,
    })),
    combine: (results) => ({
      texts: results.map((result) => result.data),
      error: results.find((result) => result.isError)?.error,
    }),
  });
  const held = useStable(texts.texts);
  const textOf = (env: string, version: string | undefined) =>
    held[wantedTexts.findIndex((one) => one.env === env && one.version === version)];
  const wanted = envs.map((env) => {
    const version = versions.get(env);
    return { env, version, now: textOf(env, undefined), before: version && textOf(env, version) };
  });
  const isRead =
    isAsked && wanted.every((one) => one.now !== undefined && (one.version === undefined || one.before !== undefined));
  const ready = isRead
    ? (wanted as { env: string; version: string | undefined; now: string; before: string | undefined }[])
    : undefined;
  const [rulesets, setRulesets] = useState<readonly Loaded[]>();
  const [state, setState] = useState<State>({});
  const id = ready?.map((one) => `${one.env} ${one.version} ${one.now.length} ${one.before?.length}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: by the texts themselves
  useEffect(() => {
    if (!ready) return;
    const stop = new AbortController();
    let made: Loaded[] | undefined;
    loadAll(ready, stop.signal)
      .then((loaded) => {
        made = loaded;
        if (stop.signal.aborted) free(loaded);
        else setRulesets(loaded);
      })
      .catch((error: unknown) => stop.signal.aborted || setState({ error: failureText(error) }));
    return () => {
      stop.abort();
      setRulesets(undefined);
      if (made) free(made);
    };
  }, [id, held]);

  const flagList = flags.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: flags by their keys
  useEffect(() => {
    if (!rulesets || contexts.length === 0) return;
    const stop = new AbortController();
    const begun = performance.now();
    const at = now ?? Date.now();
    Promise.all(rulesets.map((one) => answer(one, { flags, contexts, now: at }, stop.signal)))
      .then((results) =>
        setState({ results, rulesets, contexts, at, milliseconds: Math.round(performance.now() - begun) }),
      )
      .catch((error: unknown) => stop.signal.aborted || setState({ error: failureText(error) }));
    return () => stop.abort();
  }, [rulesets, contexts, now, flagList]);

  const isCurrent = state.results !== undefined && state.rulesets === rulesets && state.contexts === contexts;
  return {
    ...(state.error === undefined && !isRead ? {} : state),
    ...(texts.error ? { error: texts.error } : {}),
    isPending: isAsked && contexts.length > 0 && !isCurrent,
  };
}
