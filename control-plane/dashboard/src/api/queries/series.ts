// Evaluations over time.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type Series = components["schemas"]["Series"];
export type SeriesLine = components["schemas"]["SeriesLine"];
export type By = "variation" | "version" | "reason" | "sdk" | "rule";
export type Step = Series["step"];

export interface SeriesAsked {
  env: string;
  flag: string | undefined; // all together without one
  by: By;
  seconds: number; // before now
  step: Step;
}

const again = 15_000;

export const seriesQuery = ({ org, project }: Place, { env, flag, by, seconds, step }: SeriesAsked) =>
  queryOptions({
    queryKey: orgKey(org, { view: "series", project, env, flag: flag ?? "", by, seconds, step }),
    queryFn: ({ signal }) => {
      const to = new Date();
      const from = new Date(to.getTime() - seconds * 1000);
      const query = { from: from.toISOString(), to: to.toISOString(), step, by, ...(flag ? { flag } : {}) };
      return body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats/series", {
          signal,
          params: { path: { org, project, env }, query },
        }),
      );
    },
    refetchInterval: again,
    staleTime: again,
  });
