// The draft of a flag's configuration: kept on this machine, and put on what others publish meanwhile.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ExactConfig } from "../../api/queries/exact";
import {
  type ApplyOptions,
  type Choices,
  type ConfigInstruction,
  type Draft,
  type DraftAction,
  type FlagConfig,
  type Hunk,
  instructionsOf,
  isEmptyDraft,
  newDraft,
  rebase,
  reduceDraft,
  resultOf,
} from "../../model/index";
import { type DraftPlace, keepDraft, readKept } from "./store";

export type ConfigDraft = Draft<"config">;

export interface Conflicting {
  hunks: readonly Hunk[];
  // Puts the draft on what was published, with the choice made for each hunk.
  settle: (choices: Choices) => boolean;
}

export interface DraftState {
  draft: ConfigDraft;
  config: FlagConfig; // what the draft makes of its base
  base: FlagConfig;
  problem: string | undefined; // why it makes nothing of it
  refusal: string | undefined; // why the last change was not taken in
  isEmpty: boolean;
  conflict: Conflicting | undefined;
  rebasedOn: number | undefined; // the version that the draft was put on by itself
  isKept: boolean;
  // `merge`: what is typed on in one field is one step.
  change: (instructions: readonly ConfigInstruction[], merge?: string) => void;
  dispatch: (action: DraftAction<"config">) => void;
  // After publishing: nothing is left to do.
  published: (now: ExactConfig) => void;
}

function useKept(place: DraftPlace): { draft: ConfigDraft | undefined; isRead: boolean } {
  const [read, setRead] = useState<{ id: string; draft: ConfigDraft | undefined }>();
  const id = JSON.stringify(place);
  useEffect(() => {
    let isGone = false;
    void readKept(JSON.parse(id) as DraftPlace).then((kept) => {
      if (!isGone) setRead({ id, draft: kept?.kind === "config" ? (kept as ConfigDraft) : undefined });
    });
    return () => {
      isGone = true;
    };
  }, [id]);
  return { draft: read?.id === id ? read.draft : undefined, isRead: read?.id === id };
}

// Puts a draft on another base; undefined where a choice is missing, or where it fits no more.
function onTop(draft: ConfigDraft, present: ExactConfig, options: ApplyOptions, choices?: Choices) {
  const mine = instructionsOf(draft);
  const made = rebase("config", draft.base, present.config, mine, options, choices);
  if (!made) return undefined;
  const steps = made.instructions === mine ? draft.done : [made.instructions];
  const action = {
    type: "rebase" as const,
    version: present.version,
    base: present.config,
    steps: made.instructions.length === 0 ? [] : steps,
  };
  return { hunks: made.hunks, draft: reduceDraft(draft, action) };
}

export function useConfigDraft(place: DraftPlace, present: ExactConfig, options: ApplyOptions): DraftState | undefined {
  const kept = useKept(place);
  const [own, setOwn] = useState<ConfigDraft>();
  const [isKept, setKept] = useState(true);
  const [rebasedOn, setRebasedOn] = useState<number>();
  const [refusal, setRefusal] = useState<string>();
  const merging = useRef<string | undefined>(undefined);
  const id = JSON.stringify(place);
  const empty = useMemo(
    () => newDraft("config", (JSON.parse(id) as DraftPlace).resource, present.version, present.config),
    [id, present],
  );
  const held = own?.resource === place.resource ? own : kept.draft;
  const stale = held && held.version < present.version ? held : undefined;
  const moved = useMemo(
    () => (stale && !isEmptyDraft(stale) ? onTop(stale, present, options) : undefined),
    [stale, present, options],
  );
  const isSilent = moved !== undefined && moved.hunks.length === 0;
  const draft = !held || (stale && isEmptyDraft(stale)) ? empty : isSilent ? moved.draft : held;

  const set = useCallback(
    (next: ConfigDraft) => {
      setOwn(next);
      void keepDraft(JSON.parse(id) as DraftPlace, next).then(setKept);
    },
    [id],
  );
  useEffect(() => {
    if (!isSilent) return;
    setRebasedOn(moved.draft.version);
    set(moved.draft);
  }, [isSilent, moved, set]);

  const result = useMemo(() => resultOf(draft, options), [draft, options]);
  const last = useRef(draft.base);
  if ("value" in result) last.current = result.value;
  if (!kept.isRead) return undefined;

  // What does not fit is not taken in, so that what comes after it still is.
  const take = (next: ConfigDraft): void => {
    const made = resultOf(next, options);
    const isWorse = "refusal" in made && "value" in result;
    setRefusal(isWorse ? made.refusal.detail : undefined);
    if (!isWorse) set(next);
  };
  const dispatch = (action: DraftAction<"config">) => {
    merging.current = undefined;
    take(reduceDraft(draft, action));
  };
  const hunks = stale && !isSilent && !isEmptyDraft(stale) ? (moved?.hunks ?? []) : undefined;
  return {
    draft,
    base: draft.base,
    config: "value" in result ? result.value : last.current,
    problem: "refusal" in result ? result.refusal.detail : undefined,
    refusal,
    isEmpty: isEmptyDraft(draft),
    conflict: hunks && {
      hunks,
      settle: (choices) => {
        const made = onTop(draft, present, options, choices);
        if (made) set(made.draft);
        return made !== undefined;
      },
    },
    rebasedOn: rebasedOn === draft.version && !isEmptyDraft(draft) ? rebasedOn : undefined,
    isKept,
    change: (instructions, merge) => {
      const isMore = merge !== undefined && merge === merging.current && draft.done.length > 0;
      take(reduceDraft(draft, { type: isMore ? "amend" : "do", step: instructions }));
      merging.current = merge;
    },
    dispatch,
    published: (now) => {
      setRebasedOn(undefined);
      set(newDraft("config", draft.resource, now.version, now.config));
    },
  };
}
