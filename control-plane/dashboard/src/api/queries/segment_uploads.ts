// Long lists of values: sent in parts, applied as one change.
import { api, body } from "../client";
import { queries } from "../query";
import { type ListPlace, type MemberChanges, segmentKey } from "./segments";

export type UploadMode = "add" | "remove" | "replace";

// Sends the parts, each lines of values; returns the upload's id. The upload waits until it is applied, or a day.
export async function upload(
  { org, project, segment, env }: ListPlace,
  parts: readonly string[],
  key: string,
  onPart: (sent: number) => void,
): Promise<string> {
  const path = { org, project, segment, env };
  const begun = await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads", {
      params: { path, header: { "Idempotency-Key": key } },
      body: { format: "lines" },
    }),
  );
  for (const [i, text] of parts.entries()) {
    await body(
      api.PUT(
        "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads/{upload}/parts/{part}",
        {
          params: { path: { ...path, upload: begun.id, part: i + 1 } as never },
          headers: { "Content-Type": "text/plain" },
          body: text as never,
          bodySerializer: (value: unknown) => value as string,
        },
      ),
    );
    onPart(i + 1);
  }
  return begun.id;
}

interface Apply {
  place: ListPlace;
  upload: string;
  mode: UploadMode;
  etag: string;
}

function apply(
  { place, upload: id, mode, etag }: Apply,
  given: { comment?: string; isDry?: boolean },
): Promise<MemberChanges> {
  const { list, attribute, ...path } = place;
  const query = { list, attribute, mode, ...(given.isDry ? { dry_run: true } : {}) };
  return body(
    api.POST(
      "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads/{upload}/apply",
      {
        params: {
          path: { ...path, upload: id },
          query: { ...query, ...(given.comment ? { comment: given.comment } : {}) },
          header: { "If-Match": etag },
        },
      },
    ),
  );
}

export const previewUpload = (change: Apply): Promise<MemberChanges> => apply(change, { isDry: true });

export async function applyUpload(change: Apply, comment: string): Promise<void> {
  await apply(change, { comment });
  await queries.invalidateQueries({ queryKey: segmentKey(change.place) });
}

export async function forgetUpload(
  { list: _list, attribute: _attribute, ...path }: ListPlace,
  id: string,
): Promise<void> {
  await body(
    api.DELETE("/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members/uploads/{upload}", {
      params: { path: { ...path, upload: id } },
    }),
  );
}
