// The operators as they are offered: by what they compare, those first that fit what the attribute was seen with. Pure.
import { operators } from "../../model/index";
import { treeWords } from "../../text/en/tree";

type Group = keyof typeof treeWords.operator_groups;

const groups: Readonly<Record<Group, readonly string[]>> = {
  equality: ["is", "is_not", "one_of", "not_one_of"],
  text: [
    ...["contains", "not_contains", "starts_with", "not_starts_with", "ends_with", "not_ends_with"],
    ...["matches_regex", "not_matches_regex"],
  ],
  number: ["gt", "gte", "lt", "lte"],
  version: ["version_eq", "version_gt", "version_gte", "version_lt", "version_lte"],
  time: ["before", "after"],
  network: ["in_cidr", "not_in_cidr"],
  presence: ["exists", "not_exists"],
};

const orders: Readonly<Record<"text" | "number", readonly Group[]>> = {
  text: ["equality", "text", "version", "time", "network", "number", "presence"],
  number: ["equality", "number", "time", "text", "version", "network", "presence"],
};

const labelOf = (op: string): string => {
  const { phrase = op, values } = operators[op] ?? {};
  return values === "version" || values === "time" ? `${phrase} ${values}` : phrase;
};

// `types`: what the attribute was seen with.
export function operatorOptions(types: readonly string[]): { id: string; label: string; group: string }[] {
  const isNumber = types.length > 0 && types.every((type) => type.startsWith("number"));
  return orders[isNumber ? "number" : "text"].flatMap((group) =>
    groups[group].map((id) => ({ id, label: labelOf(id), group: treeWords.operator_groups[group] })),
  );
}
