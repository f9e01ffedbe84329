// Segments, their members in an environment, and who uses them.
import { queryOptions } from "@tanstack/react-query";
import { type Json, parseJson, writeJson } from "../../model/index";
import { all, api, body, type Tagged, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { DryRun } from "./exact";
import type { Place } from "./flags";

export type Segment = components["schemas"]["Segment"];
export type NewSegment = components["schemas"]["NewSegment"];
export type SegmentBody = components["schemas"]["SegmentBody"];
export type SegmentMembers = components["schemas"]["SegmentMembers"];
export type MemberChanges = components["schemas"]["MemberChanges"];
export type Use = components["schemas"]["Use"];
export type ListName = "included" | "excluded";

export interface SegmentPlace extends Place {
  segment: string;
}
export interface ListPlace extends SegmentPlace {
  env: string;
  list: ListName;
  attribute: string;
}

export const segmentKey = ({ org, project, segment }: SegmentPlace) =>
  orgKey(org, "projects", project, "segments", segment);

export const segmentsQuery = ({ org, project }: Place) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "segments"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/segments", {
            signal,
            params: { path: { org, project }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } },
          }),
        ),
      ),
  });

export const segmentQuery = (place: SegmentPlace) =>
  queryOptions({
    queryKey: [...segmentKey(place), { view: "definition" }],
    queryFn: ({ signal }) =>
      tagged(
        api.GET("/api/v1/orgs/{org}/projects/{project}/segments/{segment}", { signal, params: { path: { ...place } } }),
      ),
  });

// The members in an environment; numbers in rules keep their spelling. Values, of which there may be 100,000, come only where they
// are asked for: without them the lists have their attributes alone.
const bodyQuery = (place: SegmentPlace, env: string, lists: boolean) =>
  queryOptions({
    queryKey: [...segmentKey(place), "environments", env, { lists }],
    queryFn: async ({ signal }): Promise<Tagged<SegmentBody>> => {
      const { value, etag } = await tagged(
        api.GET("/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", {
          signal,
          parseAs: "text",
          params: { path: { ...place, env }, query: { lists } },
        }),
      );
      return { value: parseJson(value) as unknown as SegmentBody, etag };
    },
  });

export const segmentBodyQuery = (place: SegmentPlace, env: string) => bodyQuery(place, env, false);
export const segmentValuesQuery = (place: SegmentPlace, env: string) => bodyQuery(place, env, true);

export const usesQuery = (place: SegmentPlace) =>
  queryOptions({
    queryKey: orgKey(place.org, "projects", place.project, { view: "uses", segment: place.segment }),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/segments/{segment}/uses", {
          signal,
          params: { path: { ...place } },
        }),
      ),
    staleTime: 0,
  });

export function membersPage(
  { org, project, segment, env, list, attribute }: ListPlace,
  q: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<SegmentMembers> {
  const query = {
    list,
    attribute,
    limit: 200,
    ...(q === "" ? {} : { q }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return body(
    api.GET("/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members", {
      signal,
      params: { path: { org, project, segment, env }, query },
    }),
  );
}

export function createSegment({ org, project }: Place, segment: NewSegment, key: string): Promise<Segment> {
  return body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/segments", {
      params: { path: { org, project }, header: { "Idempotency-Key": key } },
      body: segment,
    }),
  ) as Promise<Segment>;
}

export interface MembersPatch {
  place: SegmentPlace & { env: string };
  instructions: readonly unknown[];
  etag: string;
}

const patch = (
  { place: { org, project, segment, env }, instructions, etag }: MembersPatch,
  given: { comment?: string; key?: string; isDry?: boolean },
) => {
  const { comment, key, isDry } = given;
  return body(
    api.PATCH("/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", {
      params: {
        path: { org, project, segment, env },
        header: { "If-Match": etag, ...(key ? { "Idempotency-Key": key } : {}) },
        ...(isDry ? { query: { dry_run: true } } : {}),
      },
      headers: { "Content-Type": "application/vnd.fanion.instructions+json" },
      body: { ...(comment ? { comment } : {}), instructions } as never,
      bodySerializer: (value: unknown) => writeJson(value as Json),
    }),
  );
};

export const previewMembers = (change: MembersPatch): Promise<DryRun> =>
  patch(change, { isDry: true }) as Promise<DryRun>;

export async function changeMembers(change: MembersPatch, comment: string, key?: string): Promise<void> {
  await patch(change, { comment, ...(key ? { key } : {}) });
  await queries.invalidateQueries({ queryKey: segmentKey(change.place) });
}
