// Whose rules of confirmation hold for a change that publishes in several environments. Pure.
import type { Environment } from "../api/queries/projects";

const weight = (env: Environment): number =>
  (env.confirmation === "type" ? 4 : 0) + (env.comment_required ? 2 : 0) + (env.protected ? 1 : 0);

// The environment that asks for most; none where all ask for nothing.
export const strictest = (environments: readonly Environment[]): Environment | undefined =>
  [...environments].sort((a, b) => weight(b) - weight(a)).find((env) => weight(env) > 0);
