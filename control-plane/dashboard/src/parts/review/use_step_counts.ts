// The counts of the last hour by the stations of the line.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Place } from "../../api/queries/flags";
import { type By, seriesQuery } from "../../api/queries/series";
import type { FlagConfig } from "../../model/index";
import { type StepCounts, stepCounts } from "./step_counts";

const hour = 3_600;

export interface Counted {
  counts: StepCounts | undefined; // of what is published; undefined: nothing was counted
  isKnown: boolean;
}

export function useStepCounts(place: Place, env: string, flag: string, base: FlagConfig): Counted {
  const asked = (by: By) => seriesQuery(place, { env, flag, by, seconds: hour, step: "minute" });
  const rules = useQuery(asked("rule")).data;
  const reasons = useQuery(asked("reason")).data;
  const counts = useMemo(() => rules && reasons && stepCounts(rules, reasons, base), [rules, reasons, base]);
  return { counts, isKnown: rules !== undefined && reasons !== undefined };
}
