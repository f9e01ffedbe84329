// A flag or segment that differs, in one sentence. Pure.
import type { Difference, ItemDifferences, PromotionPart } from "../api/queries/promotion";
import { part, type Sentence } from "../model/index";
import { compareWords } from "../text/en/compare";
import { list } from "../text/format";
import { isSegment, itemName } from "./items";

export const partNames: readonly PromotionPart[] = ["enabled", "prerequisites", "targets", "rules", "fallthrough"];

// Which parts of a flag's configuration differ, in the order of evaluation; of a segment, its members.
export function partsOf(differences: readonly Difference[]): (PromotionPart | "members")[] {
  const found = new Set(
    differences.map(({ pointer }) => {
      const name = pointer.split("/")[1] ?? "";
      return name === "off" ? "enabled" : (partNames.find((part) => part === name) ?? "members");
    }),
  );
  return [...partNames, "members" as const].filter((part) => found.has(part));
}

export const partWords = (item: ItemDifferences): string =>
  list(partsOf(item.differences).map((name) => (name === "members" ? compareWords.members : compareWords.parts[name])));

// "new-checkout: On or off and Rules"
export const itemSentence = (item: ItemDifferences): Sentence => [
  part(isSegment(item) ? "segment" : "flag", itemName(item)),
  { kind: "text", text: `: ${partWords(item)}` },
];
