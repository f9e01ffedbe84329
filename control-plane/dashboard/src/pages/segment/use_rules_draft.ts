// The draft of a segment's rules in an environment. Its lists are left out: their changes are reviewed by themselves, and may have
// 100,000 values.
import { useMemo, useRef } from "react";
import type { Condition, MemberInstruction, SegmentMembers } from "../../model/index";
import type { DraftPlace } from "../../parts/draft/store";
import { type Drafted, useDraft } from "../../parts/draft/use_draft";

export interface RulesState extends Drafted<"members"> {
  rules: readonly Condition[];
}

const options = { salt: "", variations: [] };

// What is typed on in one condition is one instruction.
export function joined(step: readonly MemberInstruction[], next: MemberInstruction): readonly MemberInstruction[] {
  const last = step.at(-1);
  const isOn = last?.kind === "replace_rule" || last?.kind === "add_rule";
  if (!isOn || next.kind !== "replace_rule" || last.at !== next.at) return [...step, next];
  return [...step.slice(0, -1), { ...last, when: next.when }];
}

export function useRulesDraft(
  place: DraftPlace,
  version: number,
  rules: SegmentMembers["rules"],
): RulesState | undefined {
  const present = useMemo(() => ({ version, state: { included: [], excluded: [], rules } }), [version, rules]);
  const drafted = useDraft("members", place, present, options);
  const merging = useRef<string | undefined>(undefined);
  if (!drafted) return undefined;
  const { draft, now, change, dispatch } = drafted;
  return {
    ...drafted,
    rules: now.rules.map(({ when }) => when),
    change: (step, merge) => {
      const isMore = merge !== undefined && merge === merging.current;
      change(isMore ? step.reduce(joined, draft.done.at(-1) ?? []) : step, merge);
      merging.current = merge;
    },
    dispatch: (action) => {
      merging.current = undefined;
      dispatch(action);
    },
  };
}

// Rules have no names, so whoever has changed them has changed all of them: one side is taken as a whole.
export const settleRules = ({ conflict }: RulesState, side: "mine" | "theirs"): boolean | undefined =>
  conflict?.settle(new Map(conflict.hunks.map(({ place }) => [JSON.stringify(place), side])));
