// What is compared, and what of it is promoted. Pure.
import type { Environment } from "../../api/queries/projects";
import type { ItemDifferences, PromotionInput, PromotionPart } from "../../api/queries/promotion";
import { partNames } from "../../parts/item_sentence";
import { itemId, splitItems } from "../../parts/items";

export const most = 500; // flags and segments of one promotion

// What the address leaves open: from the environment before the last to the last, as changes go.
export function pair(
  environments: readonly Environment[],
  from: string | undefined,
  to: string | undefined,
): { from: string; to: string } {
  const keys = environments.map((env) => env.key);
  const last = keys.at(-1) ?? "";
  const target = to ?? (from === last ? (keys.at(-2) ?? "") : last);
  const before = keys[keys.indexOf(target) - 1];
  return { from: from ?? before ?? keys.find((key) => key !== target) ?? "", to: target };
}

// In the order of the comparison.
export const selectedItems = (items: readonly ItemDifferences[], selected: ReadonlySet<string>): ItemDifferences[] =>
  items.filter((item) => selected.has(itemId(item)));

export function promotionOf(
  from: string,
  version: string,
  ids: readonly string[],
  parts: readonly PromotionPart[],
  takesAlong: boolean,
): PromotionInput {
  const { flags, segments } = splitItems(ids);
  const isWhole = parts.length === 0 || parts.length === partNames.length;
  return {
    from,
    from_version: version,
    ...(flags.length > 0 ? { flags } : {}),
    ...(segments.length > 0 ? { segments } : {}),
    ...(isWhole ? {} : { parts: [...parts] }),
    ...(takesAlong ? { take_along: true } : {}),
  };
}

// What puts back what a promotion has changed.
export function undoOf(
  versionBefore: string,
  changes: readonly ItemDifferences[],
): { version: string; flags?: string[]; segments?: string[] } {
  const { flags, segments } = splitItems(changes.map(itemId));
  return {
    version: versionBefore,
    ...(flags.length > 0 ? { flags } : {}),
    ...(segments.length > 0 ? { segments } : {}),
  };
}
