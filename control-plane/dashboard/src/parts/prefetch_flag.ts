// What the page of a flag shows first, fetched before it is opened.
import { flagQuery } from "../api/queries/flag";
import { flagConfigQuery } from "../api/queries/flag_config";
import type { Place } from "../api/queries/flags";
import { queries } from "../api/query";

export function prefetchFlag(place: Place, flag: string, envs: readonly string[]): void {
  void queries.prefetchQuery(flagQuery(place, flag));
  for (const env of envs) void queries.prefetchQuery(flagConfigQuery(place, flag, env));
}
