// How often flags were evaluated in the last 24 hours, by the hour: asked for one by one where they are drawn, and sent together.
import { queryOptions } from "@tanstack/react-query";
import { batched } from "../batch";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { Place } from "./flags";

type Counts = readonly number[];
const limits = { most: 200, wait: 100 }; // what is only scrolled past within that time is not asked for
const batches = new Map<string, ReturnType<typeof batched<Counts>>>();

function batchOf({ org, project }: Place, env: string) {
  const id = `${org}/${project}/${env}`;
  const made =
    batches.get(id) ??
    batched<Counts>(async (keys) => {
      const { flags } = await body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats/sparks", {
          params: { path: { org, project, env }, query: { flags: keys.join() } },
        }),
      );
      return new Map(flags.map(({ flag, counts }) => [flag, counts]));
    }, limits);
  batches.set(id, made);
  return made;
}

export const sparkQuery = (place: Place, env: string, flag: string) =>
  queryOptions({
    queryKey: orgKey(place.org, { view: "spark", project: place.project, env, flag }),
    queryFn: ({ signal }) => batchOf(place, env)(flag, signal),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
