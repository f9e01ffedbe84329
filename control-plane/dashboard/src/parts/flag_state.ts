// What a flag is in an environment, in one glyph. Pure.
import type { FlagConfigEntry } from "../api/queries/flag_index";
import type { StatusKind } from "../ui/Status";

export function stateOf(config: FlagConfigEntry | undefined): { kind: StatusKind; percent?: number } {
  if (config === undefined) return { kind: "unknown" };
  if (!config.enabled) return { kind: "off" };
  return config.percent > 0 && config.percent < 100 ? { kind: "partial", percent: config.percent } : { kind: "on" };
}
