// Where a version of an environment is at present, asked again until all relays have it.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Place } from "../api/queries/flags";
import { propagationQuery } from "../api/queries/propagation";
import { askAgainIn, type Standing, standingOf } from "./standing";

export interface Whereabouts {
  version: string | undefined;
  standing: Standing | undefined;
  isUnknown: boolean;
}

// `isPinned`: stays with the version that is the newest when this is first asked, after whatever was done before.
export function useStanding(place: Place, env: string, version?: string, isPinned = false): Whereabouts {
  const [first, setFirst] = useState(version);
  const [since] = useState(() => Date.now());
  const asked = version ?? (isPinned ? first : undefined);
  const { data, isError } = useQuery({
    ...propagationQuery(place, env, asked, isPinned && asked === undefined ? since : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => askAgainIn(state.data && standingOf(state.data.relays), Date.now() - since),
  });
  if (isPinned && first === undefined && data !== undefined) setFirst(data.version);
  return {
    version: data?.version ?? asked,
    standing: data && standingOf(data.relays),
    isUnknown: isError && data === undefined,
  };
}
