// What may follow in a rule's text. Pure.
import { isBareAttribute, operators } from "../../model/index";
import type { CodeCompletions } from "../../ui/CodeField";

export interface Known {
  attributes: readonly { name: string; types: readonly string[] }[];
  segments: readonly string[];
}

const stringOnly = ["contains", "starts with", "ends with", "matches", "in network", "version", "time"];
const numberOnly = [">", ">=", "<", "<="];

const phrases = [
  ...new Set(
    Object.values(operators).map(({ phrase, values }) => (values === "version" ? `${phrase} version` : phrase)),
  ),
];

const attributeText = (name: string): string => (isBareAttribute(name) ? name : `attribute ${JSON.stringify(name)}`);

// Operators that can hold for values of these types; all where none were seen.
function operatorsFor(types: readonly string[]): string[] {
  const has = (kind: string) => types.some((type) => type.startsWith(kind));
  if (types.length === 0) return phrases;
  return phrases.filter((phrase) => {
    if (stringOnly.some((word) => phrase.includes(word))) return has("string");
    if (numberOnly.includes(phrase)) return has("number");
    return true;
  });
}

const beginning = /^(.*?)([\w$./-]*)$/s;
const afterSegment = /\bsegment\s+(?:(?:not\s+)?in\s+\[(?:[^\]]*,)?\s*)?"?$/;
const afterAttribute =
  /(?:^|[\s(])((?!\d|(?:and|or|not|segment|bucket|is|in|contains|with|matches|network|before|after|time|version|exists|case)\b)[\w$./-]+|attribute\s+"[^"]*")\s+$/;
const atCondition = /(?:^|\(|\band|\bor|\bnot)\s*$/;

export function completeRule(text: string, offset: number, known: Known): CodeCompletions | undefined {
  const before = text.slice(0, offset);
  const [, head = "", word = ""] = beginning.exec(before) ?? [];
  const from = offset - word.length;
  if (afterSegment.test(head)) {
    const isOpen = head.endsWith('"');
    const items = known.segments.map((key) => ({ label: key, apply: isOpen ? `${key}"` : JSON.stringify(key) }));
    return { from, items };
  }
  const attribute = afterAttribute.exec(head)?.[1];
  if (attribute !== undefined) {
    const types = known.attributes.find(({ name }) => attributeText(name) === attribute)?.types ?? [];
    return { from, items: operatorsFor(types).map((label) => ({ label, apply: `${label} ` })) };
  }
  if (!atCondition.test(head.trimEnd() === "" ? "" : head)) return undefined;
  const attributes = known.attributes.map(({ name, types }) => ({
    label: name,
    detail: types.join(", "),
    apply: `${attributeText(name)} `,
  }));
  const words = [
    { label: "segment", detail: "members of a segment", apply: "segment " },
    { label: "bucket", detail: "a share of everybody", apply: "bucket(targetingKey) < " },
    { label: "not", apply: "not " },
    { label: "always" },
  ];
  return { from, items: [...attributes, ...words] };
}
