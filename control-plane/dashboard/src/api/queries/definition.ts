// Changes of a flag's definition, and its deletion. Values are written as they were typed.
import type { FlagDefinition } from "../../model/index";
import { api, body } from "../client";
import { invalidateChanged, queries } from "../query";
import { type DryRun, exactFlagQuery, instructionOptions, readFlag, textOf } from "./exact";
import { flagIndexQuery } from "./flag_index";
import type { Place } from "./flags";

export interface DefinitionPatch {
  place: Place;
  flag: string;
  body: string; // as model/draft writes it
  version: number;
}

const path = "/api/v1/orgs/{org}/projects/{project}/flags/{flag}" as const;
const options = ({ place, flag, body: text, version }: DefinitionPatch, key: string) =>
  instructionOptions({ ...place, flag }, text, version, key);

// Publishes instructions; the same key twice is one change.
export async function publishDefinition(
  patch: DefinitionPatch,
  key: string,
): Promise<FlagDefinition & { version: number }> {
  const now = readFlag(await textOf(api.PATCH(path, options(patch, key) as never)));
  const { place, flag } = patch;
  queries.setQueryData(exactFlagQuery(place, flag).queryKey, now);
  await invalidateChanged(place.org, `projects/${place.project}/flags/${flag}`);
  return now;
}

export async function previewDefinition(patch: DefinitionPatch): Promise<DryRun> {
  const given = options(patch, "");
  const params = { ...given.params, query: { dry_run: true } };
  return JSON.parse(await textOf(api.PATCH(path, { ...given, params } as never))) as DryRun;
}

const deletion = ({ org, project }: Place, flag: string, version: number) => ({
  path: { org, project, flag },
  header: { "If-Match": `"${version}"` },
});

export const tryDeleteFlag = (place: Place, flag: string, version: number): Promise<DryRun> =>
  body(
    api.DELETE(path, { params: { ...deletion(place, flag, version), query: { dry_run: true } } }),
  ) as Promise<DryRun>;

export async function deleteFlag(place: Place, flag: string, version: number): Promise<void> {
  await body(api.DELETE(path, { params: deletion(place, flag, version) }));
  // The flag itself is not asked for again, on a page that is about to be left.
  void queries.invalidateQueries({ queryKey: flagIndexQuery(place.org, place.project).queryKey });
}
