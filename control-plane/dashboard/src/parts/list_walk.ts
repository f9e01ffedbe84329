// The list that one came from, so that [ and ] walk through it. For this page load only.
import type { Place } from "../api/queries/flags";

let kept: { org: string; project: string; keys: readonly string[] } | undefined;

export function keepList({ org, project }: Place, keys: readonly string[]): void {
  kept = { org, project, keys };
}

export function neighbour({ org, project }: Place, key: string, step: 1 | -1): string | undefined {
  if (kept?.org !== org || kept.project !== project) return undefined;
  const at = kept.keys.indexOf(key);
  return at < 0 ? undefined : kept.keys[at + step];
}
