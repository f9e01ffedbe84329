// What an environment holds back from most relays: sending it on, or taking it back.
import { api, body } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";
import type { Propagation } from "./propagation";

export type Stage = NonNullable<Propagation["stage"]>;
export type EndedStage = components["schemas"]["EndedStage"];
export type StageEnd = "release" | "withdraw";

// `version`: refused if another one is held by now.
export async function endStage(
  { org, project }: Place,
  env: string,
  how: StageEnd,
  given: { version: string; comment: string },
): Promise<EndedStage> {
  const options = { params: { path: { org, project, env } }, body: given };
  const ended = await body(
    how === "release"
      ? api.POST("/api/v1/orgs/{org}/projects/{project}/environments/{env}/stage/release", options)
      : api.POST("/api/v1/orgs/{org}/projects/{project}/environments/{env}/stage/withdraw", options),
  );
  await queries.invalidateQueries({ queryKey: orgKey(org, "projects", project) });
  return ended;
}
