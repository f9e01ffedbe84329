// A draft of anything: kept on this machine, and put on what others publish meanwhile.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  type ApplyOptions,
  type Choices,
  type Draft,
  type DraftAction,
  type EditKind,
  type Hunk,
  instructionsOf,
  isEmptyDraft,
  newDraft,
  rebase,
  reduceDraft,
  resultOf,
  type StateOf,
  type Step,
} from "../../model/index";
import { type DraftPlace, keepDraft } from "./store";
import { useKept } from "./use_kept";

type Kinds = Exclude<EditKind, "segment">;

// What there is to be edited, as it was read last.
export interface Present<K extends Kinds> {
  version: number;
  state: StateOf<K>;
}

export interface Conflicting {
  hunks: readonly Hunk[];
  // Puts the draft on what was published, with the choice made for each hunk.
  settle: (choices: Choices) => boolean;
}

export interface Drafted<K extends Kinds> {
  draft: Draft<K>;
  now: StateOf<K>; // what the draft makes of its base
  base: StateOf<K>;
  problem: string | undefined; // why it makes nothing of it
  refusal: string | undefined; // why the last change was not taken in
  isEmpty: boolean;
  conflict: Conflicting | undefined;
  rebasedOn: number | undefined; // the version that the draft was put on by itself
  isKept: boolean;
  // `merge`: what is typed on in one field is one step.
  change: (step: Step<K>, merge?: string) => void;
  dispatch: (action: DraftAction<K>) => void;
  // After publishing: nothing is left to do.
  published: (now: Present<K>) => void;
}

// Puts a draft on another base; undefined where a choice is missing, or where it fits no more.
function onTop<K extends Kinds>(draft: Draft<K>, present: Present<K>, options: ApplyOptions, choices?: Choices) {
  const mine = instructionsOf(draft);
  const made = rebase(draft.kind, draft.base, present.state, mine, options, choices);
  if (!made) return undefined;
  const steps = made.instructions === mine ? draft.done : [made.instructions];
  const action = {
    type: "rebase" as const,
    version: present.version,
    base: present.state,
    steps: made.instructions.length === 0 ? [] : steps,
  };
  return { hunks: made.hunks, draft: reduceDraft(draft, action) };
}

export function useDraft<K extends Kinds>(
  kind: K,
  place: DraftPlace,
  present: Present<K>,
  options: ApplyOptions,
): Drafted<K> | undefined {
  const kept = useKept(place, kind);
  const [own, setOwn] = useState<Draft<K>>();
  const [isKept, setKept] = useState(true);
  const [rebasedOn, setRebasedOn] = useState<number>();
  const [refusal, setRefusal] = useState<string>();
  const merging = useRef<string | undefined>(undefined);
  const id = JSON.stringify(place);
  const empty = useMemo(
    () => newDraft(kind, (JSON.parse(id) as DraftPlace).resource, present.version, present.state),
    [kind, id, present],
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
    (next: Draft<K>) => {
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
  const take = (next: Draft<K>) => {
    const made = resultOf(next, options);
    const isWorse = "refusal" in made && "value" in result;
    setRefusal(isWorse ? made.refusal.detail : undefined);
    if (!isWorse) set(next);
  };
  const dispatch = (action: DraftAction<K>) => {
    merging.current = undefined;
    take(reduceDraft(draft, action));
  };
  const hunks = stale && !isSilent && !isEmptyDraft(stale) ? (moved?.hunks ?? []) : undefined;
  return {
    draft,
    base: draft.base,
    now: "value" in result ? result.value : last.current,
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
    change: (step, merge) => {
      const isMore = merge !== undefined && merge === merging.current && draft.done.length > 0;
      take(reduceDraft(draft, { type: isMore ? "amend" : "do", step }));
      merging.current = merge;
    },
    dispatch,
    published: ({ version, state }) => {
      setRebasedOn(undefined);
      set(newDraft(kind, draft.resource, version, state));
    },
  };
}
