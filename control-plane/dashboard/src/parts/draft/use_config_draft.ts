// The draft of a flag's configuration in one environment.
import { useMemo } from "react";
import type { ExactConfig } from "../../api/queries/exact";
import type { ApplyOptions, Draft, FlagConfig } from "../../model/index";
import type { DraftPlace } from "./store";
import { type Drafted, useDraft } from "./use_draft";

export type { Conflicting } from "./use_draft";
export type ConfigDraft = Draft<"config">;

export interface DraftState extends Omit<Drafted<"config">, "now" | "published"> {
  config: FlagConfig; // what the draft makes of its base
  published: (now: ExactConfig) => void;
}

export function useConfigDraft(place: DraftPlace, read: ExactConfig, options: ApplyOptions): DraftState | undefined {
  const present = useMemo(() => ({ version: read.version, state: read.config }), [read]);
  const drafted = useDraft("config", place, present, options);
  if (!drafted) return undefined;
  const { now, published, ...others } = drafted;
  return {
    ...others,
    config: now,
    published: ({ version, config }) => published({ version, state: config }),
  };
}
