// What a flag is in an environment, in one glyph. Pure.
import type { FlagConfigEntry } from "../api/queries/flag_index";
import { stateOf as stateIn } from "../model/index";
import type { StatusKind } from "../ui/Status";

export function stateOf(config: FlagConfigEntry | undefined): { kind: StatusKind; percent?: number } {
  if (config === undefined) return { kind: "unknown" };
  const kind = stateIn(config);
  return kind === "partial" ? { kind, percent: config.percent } : { kind };
}
