// The draft of a segment's rules in an environment: kept on this machine, and put on what others publish meanwhile. Its lists are
// left out: their changes are reviewed by themselves, and may have 100,000 values.
import { useEffect, useMemo, useRef, useState } from "react";
import {
  type Condition,
  type Draft,
  type DraftAction,
  instructionsOf,
  isEmptyDraft,
  type MemberInstruction,
  newDraft,
  rebase,
  reduceDraft,
  resultOf,
  type SegmentMembers,
} from "../../model/index";
import { type DraftPlace, keepDraft } from "../../parts/draft/store";
import { useKept } from "../../parts/draft/use_kept";

type RulesDraft = Draft<"members">;

export interface RulesState {
  rules: readonly Condition[];
  base: readonly Condition[];
  draft: RulesDraft;
  isEmpty: boolean;
  isKept: boolean;
  isOverlapping: boolean; // others have published other rules
  settle: (side: "mine" | "theirs") => void;
  change: (instructions: readonly MemberInstruction[], merge?: string) => void;
  dispatch: (action: DraftAction<"members">) => void;
  published: () => void;
}

const options = { salt: "", variations: [] };
const rulesPlace = JSON.stringify(["rules"]);
const onlyRules = (rules: SegmentMembers["rules"]): SegmentMembers => ({ included: [], excluded: [], rules });
const conditions = (members: SegmentMembers): readonly Condition[] => members.rules.map(({ when }) => when);

// A draft of an earlier version on the present one. Rules are one place, so an overlap is settled as a whole.
export function onTop(
  draft: RulesDraft,
  version: number,
  present: SegmentMembers,
  side?: "mine" | "theirs",
): { isOverlapping: boolean; draft: RulesDraft } {
  const choices = side && new Map([[rulesPlace, side]]);
  const made = rebase("members", draft.base, present, instructionsOf(draft), options, choices);
  const steps = made && made.instructions.length > 0 ? [made.instructions] : [];
  const isOverlapping = made === undefined || (made.hunks.length > 0 && side === undefined);
  return { isOverlapping, draft: reduceDraft(draft, { type: "rebase", version, base: present, steps }) };
}

export function useRulesDraft(
  place: DraftPlace,
  version: number,
  rules: SegmentMembers["rules"],
): RulesState | undefined {
  const kept = useKept(place, "members");
  const [own, setOwn] = useState<RulesDraft>();
  const [isKept, setKept] = useState(true);
  const merging = useRef<string | undefined>(undefined);
  const present = useMemo(() => onlyRules(rules), [rules]);
  const empty = useMemo(
    () => newDraft("members", place.resource, version, present),
    [place.resource, version, present],
  );
  const held = own?.resource === place.resource ? own : kept.draft;
  const isBehind = held !== undefined && held.version < version && !isEmptyDraft(held);
  const moved = useMemo(
    () => (isBehind ? onTop(held, version, present) : undefined),
    [isBehind, held, version, present],
  );
  const isOverlapping = moved?.isOverlapping ?? false;
  const draft = held === undefined || isEmptyDraft(held) ? { ...empty, undone: held?.undone ?? [] } : held;
  const shown = moved && !isOverlapping ? moved.draft : draft;

  const set = (next: RulesDraft) => {
    setOwn(next);
    void keepDraft(place, next).then(setKept);
  };
  const keep = useRef(set);
  keep.current = set;
  useEffect(() => {
    if (moved && !isOverlapping) keep.current(moved.draft);
  }, [moved, isOverlapping]);

  const made = useMemo(() => resultOf(shown, options), [shown]);
  if (!kept.isRead) return undefined;
  return {
    rules: conditions("value" in made ? made.value : shown.base),
    base: conditions(shown.base),
    draft: shown,
    isEmpty: isEmptyDraft(shown),
    isKept,
    isOverlapping,
    settle: (side) => set(onTop(draft, version, present, side).draft),
    change: (instructions, merge) => {
      const isMore = merge !== undefined && merge === merging.current && shown.done.length > 0;
      const step = isMore ? instructions.reduce(joined, shown.done.at(-1) ?? []) : instructions;
      set(reduceDraft(shown, { type: isMore ? "amend" : "do", step }));
      merging.current = merge;
    },
    dispatch: (action) => {
      merging.current = undefined;
      set(reduceDraft(shown, action));
    },
    published: () => {
      merging.current = undefined;
      set(reduceDraft(shown, { type: "discard" }));
    },
  };
}

// What is typed on in one condition is one instruction.
export function joined(step: readonly MemberInstruction[], next: MemberInstruction): readonly MemberInstruction[] {
  const last = step.at(-1);
  const isOn = last?.kind === "replace_rule" || last?.kind === "add_rule";
  if (!isOn || next.kind !== "replace_rule" || last.at !== next.at) return [...step, next];
  return [...step.slice(0, -1), { ...last, when: next.when }];
}
