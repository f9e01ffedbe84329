// An explanation as nodes of a tree, in words. Pure.
import {
  type Condition,
  isList,
  isNumber,
  isObject,
  type Json,
  type JsonObject,
  memberOf,
  ruleText,
  spellingOf,
  writeJson,
} from "../model/index";
import { explanationWords as words } from "../text/en/explanation";
import { count } from "../text/format";

export interface ExplainedNode {
  id: string;
  text: string;
  holds: boolean | undefined;
  found?: string; // the value that was seen, or what is wrong with it
  slot?: { at: number; from: number; to: number }; // of a split or bucket, and the range that holds it or would
  children: readonly ExplainedNode[];
}

const text = (value: JsonObject, name: string): string => {
  const found = memberOf(value, name);
  return found === undefined || found === null ? "" : typeof found === "string" ? found : writeJson(found);
};
const list = (value: JsonObject, name: string): JsonObject[] => {
  const found = memberOf(value, name);
  return isList(found ?? null) ? (found as Json[]).filter(isObject) : [];
};
const holdsOf = (value: JsonObject): boolean | undefined => {
  const found = memberOf(value, "holds");
  return typeof found === "boolean" ? found : undefined;
};

// The condition without what the explanation has added, for its text.
function plain(value: JsonObject): Condition {
  for (const name of ["all", "any"] as const)
    if (name in value) return { [name]: list(value, name).map(plain) } as unknown as Condition;
  const inner = memberOf(value, "not");
  if (isObject(inner)) return { not: plain(inner) };
  const { holds: _h, value: _v, problem: _p, unit: _u, slot: _s, segments: _g, values_total: _t, ...rest } = value;
  return rest as unknown as Condition;
}

function slotText(value: JsonObject): string {
  const by = text(value, "by") || "targetingKey";
  if (text(value, "unit") === "") return words.no_unit(by);
  const range = memberOf(value, "range");
  const [from, to] = isList(range ?? null) ? (range as number[]) : [];
  const inside = from === undefined || to === undefined ? "" : words.in_range(count(from), count(to));
  return words.slot(text(value, "unit"), by, count(Number(text(value, "slot"))), inside);
}

// The slot with its range; nothing where the context has no unit.
function slotOf(value: JsonObject, from: Json | undefined, to: Json | undefined): Pick<ExplainedNode, "slot"> {
  const at = memberOf(value, "slot");
  const number = (given: Json | undefined): number => (isNumber(given) ? Number(spellingOf(given)) : 0);
  if (at === undefined || text(value, "unit") === "") return {};
  return { slot: { at: number(at), from: number(from), to: number(to) } };
}

function conditionNode(value: JsonObject, id: string): ExplainedNode {
  const holds = holdsOf(value);
  for (const name of ["all", "any"] as const) {
    if (name in value) {
      const children = list(value, name).map((child, i) => conditionNode(child, `${id}/${i}`));
      return { id, text: words[name], holds, children };
    }
  }
  const inner = memberOf(value, "not");
  if (isObject(inner)) return { id, text: words.not, holds, children: [conditionNode(inner, `${id}/0`)] };
  const bucket = memberOf(value, "bucket");
  if (isObject(bucket)) {
    const found = slotText({ ...bucket, ...value });
    const slot = slotOf(value, memberOf(bucket, "from"), memberOf(bucket, "to"));
    return { id, text: ruleText(plain({ bucket })), holds, found, ...slot, children: [] };
  }
  const segments = list(value, "segments").map((segment, i) => segmentNode(segment, `${id}/s${i}`));
  const problem = text(value, "problem");
  const isSegment = segments.length > 0 || !("attribute" in value);
  const seen = memberOf(value, "value");
  const found = isSegment ? "" : seen === undefined || seen === null ? words.missing : words.value(writeJson(seen));
  return {
    id,
    text: ruleText(plain(value)),
    holds,
    found: problem ? `${found}, ${problem}` : found,
    children: segments,
  };
}

function segmentNode(value: JsonObject, id: string): ExplainedNode {
  const children = list(value, "steps").map((step, i) => {
    const at = `${id}/${i}`;
    const when = memberOf(step, "when");
    if (isObject(when)) return { ...conditionNode(when, at), holds: holdsOf(step) };
    const kind = text(step, "step") === "excluded" ? words.excluded : words.included;
    return {
      id: at,
      text: kind(text(step, "attribute")),
      holds: holdsOf(step),
      found: text(step, "value"),
      children: [],
    };
  });
  return { id, text: words.segment(text(value, "segment")), holds: holdsOf(value), children };
}

function serveNode(value: Json | undefined, id: string): ExplainedNode[] {
  if (!isObject(value)) return [];
  const split = memberOf(value, "split");
  const served = text(isObject(split) ? split : value, "variation");
  const said = served === "" ? words.next : words.serves(served);
  if (!isObject(split)) return [{ id, text: said, holds: undefined, children: [] }];
  const range = memberOf(split, "range");
  const [from, to] = isList(range ?? null) ? (range as Json[]) : [];
  return [{ id, text: said, holds: undefined, found: slotText(split), ...slotOf(split, from, to), children: [] }];
}

export function stepNodes(steps: readonly JsonObject[], id = "step"): ExplainedNode[] {
  return steps.map((step, i): ExplainedNode => {
    const at = `${id}${i}`;
    const holds = holdsOf(step);
    const when = memberOf(step, "when");
    switch (text(step, "step")) {
      case "enabled":
        return { id: at, text: words.enabled(holds === true), holds, children: [] };
      case "prerequisite": {
        const wanted = memberOf(step, "wanted");
        const names = isList(wanted ?? null) ? (wanted as string[]).join(", ") : "";
        const said = words.prerequisite(text(step, "flag"), names, text(step, "variation") || words.nothing);
        return { id: at, text: said, holds, children: stepNodes(list(step, "steps"), `${at}/`) };
      }
      case "target": {
        const said = words.target(text(step, "attribute"), text(step, "value"), text(step, "variation"));
        return { id: at, text: holds ? said : words.target_none(text(step, "attribute")), holds, children: [] };
      }
      case "rule": {
        const inner = isObject(when) ? [conditionNode(when, `${at}/w`)] : [];
        return {
          id: at,
          text: words.rule(text(step, "rule")),
          holds,
          children: [...inner, ...serveNode(memberOf(step, "serve"), `${at}/s`)],
        };
      }
      default:
        return {
          id: at,
          text: words.fallthrough,
          holds: undefined,
          children: serveNode(memberOf(step, "serve"), `${at}/s`),
        };
    }
  });
}
