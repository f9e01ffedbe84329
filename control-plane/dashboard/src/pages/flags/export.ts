// The list as a table for other programs. Pure.
import type { FlagConfigEntry, FlagEntry } from "../../api/queries/flag_index";

const stateText = (config: FlagConfigEntry | undefined): string =>
  config === undefined ? "" : config.enabled ? `on ${config.percent} %` : "off";

export function exportRows(flags: readonly FlagEntry[], envs: readonly string[]): string[][] {
  const head = ["key", "name", "type", "tags", "owner", "lifetime", "updated_at", ...envs];
  return [
    head,
    ...flags.map(({ key, name, type, tags, owner, lifetime, updated_at, environments }) => [
      ...[key, name, type, tags.join(" "), owner, lifetime ?? "", updated_at],
      ...envs.map((env) => stateText(environments[env])),
    ]),
  ];
}
