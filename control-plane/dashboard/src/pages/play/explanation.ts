// An explanation (docs/explain.md) as a tree of lines. Pure.
import { isObject, type Json, type JsonObject, parseJson, ruleText, writeJson } from "../../model/index";
import { playWords } from "../../text/en/play";

export interface Line {
  id: string;
  text: string;
  holds: boolean | undefined;
  children: readonly Line[];
}

const { steps: said } = playWords;

const member = (of: JsonObject, name: string): Json | undefined => (Object.hasOwn(of, name) ? of[name] : undefined);
const textOf = (value: Json | undefined): string =>
  value === undefined || value === null ? "-" : typeof value === "string" ? value : writeJson(value);
const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const holdsOf = (of: JsonObject): boolean | undefined => {
  const holds = member(of, "holds");
  return typeof holds === "boolean" ? holds : undefined;
};

// What is a condition's own, without what was found.
function bare(of: JsonObject): JsonObject {
  const found = ["holds", "value", "problem", "unit", "slot", "segments", "values_total"];
  return Object.fromEntries(Object.entries(of).filter(([name]) => !found.includes(name)));
}

function seen(of: JsonObject): string {
  const problem = member(of, "problem");
  const slot = member(of, "slot");
  if (slot !== undefined) return said.slot(textOf(member(of, "unit")), textOf(slot));
  const value = Object.hasOwn(of, "value") ? textOf(of.value) : said.missing;
  return said.seen(problem === undefined ? value : `${value}, ${textOf(problem)}`);
}

function condition(of: JsonObject, id: string): Line {
  const holds = holdsOf(of);
  for (const name of ["all", "any"] as const) {
    if (member(of, name) !== undefined)
      return { id, text: said[name], holds, children: objects(of[name]).map((one, i) => condition(one, `${id}/${i}`)) };
  }
  const inner = member(of, "not");
  if (inner !== undefined && isObject(inner))
    return { id, text: said.not, holds, children: [condition(inner, `${id}/0`)] };
  const text = ruleText(bare(of) as never);
  const segments = objects(member(of, "segments"));
  if (segments.length > 0 || "segments" in of)
    return { id, text, holds, children: segments.map((one, i) => segment(one, `${id}/${i}`)) };
  return { id, text: `${text} · ${seen(of)}`, holds, children: [] };
}

function segment(of: JsonObject, id: string): Line {
  return {
    id,
    text: said.segment(textOf(member(of, "segment"))),
    holds: holdsOf(of),
    children: objects(member(of, "steps")).map((one, i) => step(one, `${id}/${i}`)),
  };
}

function serve(of: Json | undefined, id: string): Line[] {
  if (of === undefined || !isObject(of)) return [];
  const split = member(of, "split");
  if (split === undefined || !isObject(split))
    return [{ id, text: said.serves(textOf(member(of, "variation"))), holds: undefined, children: [] }];
  const served = member(split, "variation");
  const slot = said.slot(textOf(member(split, "unit")), textOf(member(split, "slot")));
  const text = served === null || served === undefined ? said.next : said.serves(textOf(served));
  return [{ id, text: `${slot} · ${text}`, holds: undefined, children: [] }];
}

function step(of: JsonObject, id: string): Line {
  const holds = holdsOf(of);
  const when = member(of, "when");
  const inner = [
    ...(when !== undefined && isObject(when) ? [condition(when, `${id}/when`)] : []),
    ...serve(member(of, "serve"), `${id}/serve`),
    ...objects(member(of, "steps")).map((one, i) => step(one, `${id}/${i}`)),
  ];
  const value = Object.hasOwn(of, "value") ? textOf(of.value) : said.missing;
  const line = (text: string): Line => ({ id, text, holds, children: inner });
  switch (member(of, "step")) {
    case "enabled":
      return line(said.enabled);
    case "prerequisite": {
      const wanted = member(of, "wanted");
      return line(
        said.prerequisite(textOf(member(of, "flag")), Array.isArray(wanted) ? wanted.map(textOf).join(", ") : "-"),
      );
    }
    case "target":
      return line(said.target(textOf(member(of, "attribute")), value, textOf(member(of, "variation"))));
    case "rule":
      return line(member(of, "rule") === undefined ? said.rule("") : said.rule(textOf(member(of, "rule"))));
    case "fallthrough":
      return line(said.fallthrough);
    case "included":
      return line(said.included);
    case "excluded":
      return line(said.excluded);
    default:
      return line(textOf(member(of, "step")));
  }
}

export interface Explained {
  variation: string | undefined;
  value: string | undefined;
  reason: string;
  lines: readonly Line[];
}

export function readExplanation(text: string): Explained {
  const read = parseJson(text);
  if (!isObject(read)) return { variation: undefined, value: undefined, reason: "ERROR", lines: [] };
  const variation = member(read, "variation");
  const value = member(read, "value");
  return {
    variation: typeof variation === "string" ? variation : undefined,
    value: value === undefined || value === null ? undefined : writeJson(value),
    reason: textOf(member(read, "reason")),
    lines: objects(member(read, "steps")).map((one, i) => step(one, String(i))),
  };
}
