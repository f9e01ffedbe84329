// Flags and segments as comparisons, promotions and rollbacks name them.
import { paths } from "../paths";

export interface NamedItem {
  flag?: string;
  segment?: string;
}

export const itemName = ({ flag, segment }: NamedItem): string => flag ?? segment ?? "";
export const isSegment = ({ segment }: NamedItem): boolean => segment !== undefined;

// In addresses: a segment begins with `segment/`, which no key does.
export const itemId = ({ flag, segment }: NamedItem): string => flag ?? `segment/${segment}`;

export const itemPath = (org: string, project: string, env: string, item: NamedItem): string =>
  item.flag !== undefined
    ? paths.editor(org, project, item.flag, env)
    : paths.segment(org, project, item.segment ?? "", env);

export function splitItems(ids: readonly string[]): { flags: string[]; segments: string[] } {
  const isOf = (id: string): boolean => id.startsWith("segment/");
  return {
    flags: ids.filter((id) => !isOf(id)),
    segments: ids.filter(isOf).map((id) => id.slice("segment/".length)),
  };
}
