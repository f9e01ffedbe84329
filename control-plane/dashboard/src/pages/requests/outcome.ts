// What one change of a request makes of a configuration, where it can be told here. Pure.
import type { AuditEntry, KeptChange } from "../../api/queries/audit";
import {
  type ApplyOptions,
  applyPatch,
  applyToConfig,
  type ConfigInstruction,
  type FlagConfig,
  type Hunk,
  isObject,
  type Json,
  type Operation,
  rebase,
} from "../../model/index";

export interface ConfigPlace {
  flag: string;
  env: string;
}

// The flag's configuration that the change is about; undefined for all others.
export function configPlace(change: KeptChange): ConfigPlace | undefined {
  const found = /^projects\/[^/]+\/flags\/([^/]+)\/environments\/([^/]+)$/.exec(change.path);
  if (!found) return undefined;
  const [flag = "", env = ""] = found.slice(1).map(decodeURIComponent);
  return { flag, env };
}

const members = ["enabled", "off", "prerequisites", "targets", "rules", "fallthrough"] as const;

// The configuration alone, of what the API or an entry has.
export function configOf(value: unknown): FlagConfig | undefined {
  if (!isObject(value as Json)) return undefined;
  const state = value as Record<string, Json | undefined>;
  if (members.some((name) => state[name] === undefined)) return undefined;
  return Object.fromEntries(members.map((name) => [name, state[name]])) as unknown as FlagConfig;
}

function instructionsOf(change: KeptChange): ConfigInstruction[] | undefined {
  const body = change.body as { instructions?: unknown } | undefined;
  const isPatch = change.method === "PATCH" && change.type === "application/vnd.fanion.instructions+json";
  return isPatch && Array.isArray(body?.instructions) ? (body.instructions as ConfigInstruction[]) : undefined;
}

export function outcomeOf(change: KeptChange, present: FlagConfig, options: ApplyOptions): FlagConfig | undefined {
  const instructions = instructionsOf(change);
  if (instructions) {
    const made = applyToConfig(present, instructions, options);
    return "value" in made ? made.value : undefined;
  }
  if (change.method === "PUT") return configOf(change.body);
  if (change.type === "application/json-patch+json")
    return configOf(applyPatch(present as unknown as Json, change.body as unknown as Operation[]));
  if (change.method === "PATCH" && isObject(change.body as Json))
    return configOf({ ...present, ...(change.body as object) });
  return undefined;
}

// Where others have changed since what the request changes too. `later`: the entries of the same since, newest first.
export function overlaps(
  change: KeptChange,
  present: FlagConfig,
  later: readonly AuditEntry[],
  options: ApplyOptions,
): readonly Hunk[] {
  const instructions = instructionsOf(change);
  const base = configOf(later.at(-1)?.before);
  if (!instructions || !base) return [];
  return rebase("config", base, present, instructions, options)?.hunks ?? [];
}
