// Two environments, or two versions of one, side by side: what differs, and how one becomes like the other.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { all, api, body, type Tagged, tagged } from "../client";
import { invalidateChanged, orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type ItemDifferences = components["schemas"]["ItemDifferences"];
export type Difference = components["schemas"]["Difference"];
export type PromotionInput = components["schemas"]["PromotionInput"];
export type Promoted = components["schemas"]["Promoted"];
export type RolledBack = components["schemas"]["RolledBack"];
export type PastVersion = components["schemas"]["PastVersion"];
export type PromotionPart = NonNullable<PromotionInput["parts"]>[number];
export type RollbackInput = components["schemas"]["RollbackInput"];

export interface Comparison {
  from_version: string;
  to_version: string;
  items: ItemDifferences[];
}

const environment = "/api/v1/orgs/{org}/projects/{project}/environments/{env}";

// `from` and `to` are environments. A change of either makes it stale.
export const comparisonQuery = ({ org, project }: Place, from: string, to: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, { view: "compare", from, to }),
    queryFn: async ({ signal }): Promise<Comparison> => {
      let versions = { from_version: "", to_version: "" };
      const items = await all(async (cursor) => {
        const page = await body(
          api.GET(`${environment}/compare`, {
            signal,
            params: {
              path: { org, project, env: from },
              query: { with: to, limit: 200, ...(cursor === undefined ? {} : { cursor }) },
            },
          }),
        );
        versions = { from_version: page.from_version, to_version: page.to_version };
        return page;
      });
      return { ...versions, items };
    },
  });

export function promotionDryRun(place: Place, env: string, input: PromotionInput): Promise<Tagged<Promoted>> {
  return tagged(
    api.POST(`${environment}/promote`, { params: { path: { ...place, env }, query: { dry_run: true } }, body: input }),
  );
}

export async function promote(place: Place, env: string, input: PromotionInput, etag: string): Promise<Promoted> {
  const done = await body(
    api.POST(`${environment}/promote`, {
      params: { path: { ...place, env }, header: { "If-Match": etag } },
      body: input,
    }),
  );
  await invalidateChanged(place.org, `projects/${place.project}/flags`);
  return done;
}

export function rollbackDryRun(place: Place, env: string, input: RollbackInput): Promise<Tagged<RolledBack>> {
  return tagged(
    api.POST(`${environment}/rollback`, { params: { path: { ...place, env }, query: { dry_run: true } }, body: input }),
  );
}

export async function rollBack(place: Place, env: string, input: RollbackInput, etag: string): Promise<RolledBack> {
  const done = await body(
    api.POST(`${environment}/rollback`, {
      params: { path: { ...place, env }, header: { "If-Match": etag } },
      body: input,
    }),
  );
  await invalidateChanged(place.org, `projects/${place.project}/flags`);
  return done;
}

export const versionsQuery = ({ org, project }: Place, env: string, flag: string) =>
  infiniteQueryOptions({
    queryKey: orgKey(org, "projects", project, { view: "versions", env, flag }),
    queryFn: ({ signal, pageParam }) =>
      body(
        api.GET(`${environment}/versions`, {
          signal,
          params: {
            path: { org, project, env },
            query: { limit: 50, ...(flag ? { flag } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
