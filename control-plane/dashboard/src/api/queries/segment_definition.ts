// Changes of a segment's definition, and its deletion.
import { api, body } from "../client";
import { invalidateChanged } from "../query";
import type { DryRun } from "./exact";
import type { SegmentPlace } from "./segments";

export interface SegmentPatch {
  place: SegmentPlace;
  instructions: readonly unknown[];
  etag: string;
}

const path = "/api/v1/orgs/{org}/projects/{project}/segments/{segment}" as const;

const patch = (
  { place, instructions, etag }: SegmentPatch,
  given: { comment: string; key?: string; isDry?: boolean },
) =>
  body(
    api.PATCH(path, {
      params: {
        path: { ...place },
        header: { "If-Match": etag, ...(given.key ? { "Idempotency-Key": given.key } : {}) },
        ...(given.isDry ? { query: { dry_run: true } } : {}),
      },
      headers: { "Content-Type": "application/vnd.fanion.instructions+json" },
      body: { ...(given.comment ? { comment: given.comment } : {}), instructions } as never,
    }),
  );

export const previewSegment = (change: SegmentPatch, comment: string): Promise<DryRun> =>
  patch(change, { comment, isDry: true }) as Promise<unknown> as Promise<DryRun>;

export async function changeSegment(change: SegmentPatch, comment: string, key: string): Promise<void> {
  await patch(change, { comment, key });
  const { org, project, segment } = change.place;
  await invalidateChanged(org, `projects/${project}/segments/${segment}`);
}

export const tryDeleteSegment = (place: SegmentPlace, etag: string): Promise<DryRun> =>
  body(
    api.DELETE(path, {
      params: { path: { ...place }, header: { "If-Match": etag }, query: { dry_run: true } },
    }),
  ) as Promise<DryRun>;

export async function deleteSegment(place: SegmentPlace, etag: string): Promise<void> {
  await body(api.DELETE(path, { params: { path: { ...place }, header: { "If-Match": etag } } }));
  await invalidateChanged(place.org, `projects/${place.project}/segments`);
}
