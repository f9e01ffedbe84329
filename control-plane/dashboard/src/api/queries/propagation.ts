// Which relays have a version of an environment's ruleset.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type Propagation = components["schemas"]["Propagation"];
export type RelayStanding = components["schemas"]["PropagationToRelay"];

// Without a version: of the newest one, which the answer names. `since`: an answer that was given before it does not count.
export const propagationQuery = ({ org, project }: Place, env: string, version?: string, since?: number) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "propagation", env, { version: version ?? null, since: since ?? null }),
    queryFn: async ({ signal }): Promise<Propagation> => {
      const path = { org, project, env };
      const relays: RelayStanding[] = [];
      let named = version;
      let cursor: string | undefined;
      for (;;) {
        const query = {
          limit: 200,
          ...(named === undefined ? {} : { version: named }),
          ...(cursor === undefined ? {} : { cursor }),
        };
        const page = await body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/propagation", {
            signal,
            params: { path, query },
          }),
        );
        relays.push(...page.relays);
        named = page.version; // the pages that follow are of the same version
        if (page.next === null) return { ...page, relays };
        cursor = page.next;
      }
    },
    staleTime: 5_000,
  });
