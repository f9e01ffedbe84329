// Turning flags on and off, and changes of many at once.
import { api, body } from "../client";
import { queries } from "../query";
import type { components } from "../schema";
import { type FlagIndex, flagIndexQuery } from "./flag_index";

export type Flag = components["schemas"]["Flag"];
export type NewFlag = components["schemas"]["NewFlag"];
export type Instruction = { kind: string } & Record<string, unknown>;

export interface Place {
  org: string;
  project: string;
}

const instructions = { "Content-Type": "application/vnd.fanion.instructions+json" };

// Draws the new state of one environment at once; what the server says comes after.
function draw(
  { org, project }: Place,
  flag: string,
  env: string,
  changes: { enabled: boolean; version: number },
): void {
  const key = flagIndexQuery(org, project).queryKey;
  queries.setQueryData<FlagIndex>(key, (index) =>
    index === undefined
      ? index
      : {
          ...index,
          flags: index.flags.map((entry) => {
            const config = entry.environments[env];
            if (entry.key !== flag || config === undefined) return entry;
            return { ...entry, environments: { ...entry.environments, [env]: { ...config, ...changes } } };
          }),
        },
  );
}

// Turns a flag on or off; returns the version of the configuration that it has then. `version`: what it is based on.
export async function setEnabled(
  place: Place,
  flag: string,
  env: string,
  isOn: boolean,
  version: number,
  comment = "",
): Promise<number> {
  draw(place, flag, env, { enabled: isOn, version });
  try {
    const config = await body(
      api.PATCH("/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", {
        params: { path: { ...place, flag, env }, header: { "If-Match": `"${version}"` } },
        headers: instructions,
        body: { ...(comment ? { comment } : {}), instructions: [{ kind: isOn ? "turn_on" : "turn_off" }] } as never,
      }),
    );
    const changed = (config as { version: number }).version;
    draw(place, flag, env, { enabled: isOn, version: changed });
    return changed;
  } catch (error) {
    draw(place, flag, env, { enabled: !isOn, version });
    await queries.invalidateQueries({ queryKey: flagIndexQuery(place.org, place.project).queryKey });
    throw error;
  }
}

export type DryRun = components["schemas"]["DryRun"];

interface BulkChange {
  flags: string[];
  versions: Record<string, number>; // that the change is based on
  environment?: string;
  instructions: Instruction[];
}

export function bulkDryRun({ org, project }: Place, change: BulkChange): Promise<DryRun> {
  return body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/bulk", {
      params: { path: { org, project }, query: { dry_run: true } },
      body: { changes: [change] } as never,
    }),
  ) as Promise<DryRun>;
}

export const readAnew = ({ org, project }: Place): Promise<void> =>
  queries.invalidateQueries({ queryKey: flagIndexQuery(org, project).queryKey });

export async function changeInBulk(
  { org, project }: Place,
  change: BulkChange,
  comment: string,
  key: string,
  isLast = true, // the list is read anew once, not after each of many
): Promise<components["schemas"]["BulkResult"]> {
  const result = await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/bulk", {
      params: { path: { org, project }, header: { "Idempotency-Key": key } },
      body: { ...(comment ? { comment } : {}), changes: [change] } as never,
    }),
  );
  if (isLast) await readAnew({ org, project });
  return result as components["schemas"]["BulkResult"];
}
