// Beginning a rollout.
import { api, body } from "../client";
import { invalidateChanged } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";
import type { Rollout } from "./rollouts";

export type RolloutPlan = components["schemas"]["RolloutInput"];
type DryRun = components["schemas"]["DryRun"];

const collection = "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts";

export const tryRollout = (place: Place, env: string, plan: RolloutPlan): Promise<DryRun> =>
  body(
    api.POST(collection, { params: { path: { ...place, env }, query: { dry_run: true } }, body: plan }),
  ) as Promise<DryRun>;

// The same key twice is one rollout.
export async function startRollout(
  place: Place,
  env: string,
  plan: RolloutPlan,
  { comment, key }: { comment: string; key: string },
): Promise<Rollout> {
  const made = await body(
    api.POST(collection, {
      params: {
        path: { ...place, env },
        query: comment ? { comment } : {},
        header: { "Idempotency-Key": key },
      },
      body: plan,
    } as never),
  );
  await invalidateChanged(place.org, `projects/${place.project}`);
  return made as Rollout;
}
