// Keys with which programs and relays ask: of an environment, a project, or an organisation.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, newIdempotencyKey } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type ApiKey = components["schemas"]["ApiKey"];
export type NewApiKey = components["schemas"]["NewApiKey"];
export interface KeyPlace {
  org: string;
  project?: string;
  env?: string;
}

const longest = "/api/v1/orgs/{org}/projects/{project}/environments/{env}/keys";

// The routes of all three places have the same operations; those of the shorter paths are typed as the longest.
function at<T extends string>({ project, env }: KeyPlace, rest: T): `${typeof longest}${T}` {
  const inside = `${project ? "/projects/{project}" : ""}${env ? "/environments/{env}" : ""}`;
  return `/api/v1/orgs/{org}${inside}/keys${rest}` as `${typeof longest}${T}`;
}
const names = ({ org, project = "", env = "" }: KeyPlace) => ({ org, project, env });
const keyOf = ({ org, project, env }: KeyPlace) =>
  orgKey(org, ...(project ? ["projects", project] : []), ...(env ? ["environments", env] : []), "keys");

export const keysQuery = (place: KeyPlace) =>
  queryOptions({
    queryKey: keyOf(place),
    queryFn: ({ signal }) =>
      all((cursor) => {
        const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
        return body(api.GET(at(place, ""), { signal, params: { path: names(place), query } }));
      }),
  });

const changed = (place: KeyPlace) => queries.invalidateQueries({ queryKey: keyOf(place) });

// The answer has the key itself, which is never shown again. It is not kept in the cache.
export async function createKey(place: KeyPlace, key: NewApiKey, intention: string): Promise<ApiKey> {
  const header = { "Idempotency-Key": intention };
  const made = await body(api.POST(at(place, ""), { params: { path: names(place), header }, body: key }));
  await changed(place);
  return made as ApiKey;
}

export async function rotateKey(place: KeyPlace, key: string, overlap: number, intention: string): Promise<ApiKey> {
  const params = { path: { ...names(place), key }, header: { "Idempotency-Key": intention } };
  const made = await body(api.POST(at(place, "/{key}/rotate"), { params, body: { overlap_seconds: overlap } }));
  await changed(place);
  return made as ApiKey;
}

export async function revokeKey(place: KeyPlace, key: string): Promise<void> {
  await body(api.DELETE(at(place, "/{key}"), { params: { path: { ...names(place), key } } }));
  await changed(place);
}

export async function createServerKey({ org, project }: Place, env: string, name: string): Promise<string> {
  const made = await createKey({ org, project, env }, { kind: "server", name }, newIdempotencyKey());
  return made.key ?? "";
}
