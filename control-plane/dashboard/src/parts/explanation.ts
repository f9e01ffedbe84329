// An explanation (docs/explain.md): the step that decided, and its parts. Pure.
import { isList, isObject, type Json, type JsonObject, memberOf, parseJson } from "../model/index";

export interface Explained {
  value: Json | undefined;
  variation: string | undefined;
  reason: string;
  rule: string | undefined;
  error: string | undefined;
  steps: readonly JsonObject[];
}

const textAt = (value: JsonObject, name: string): string | undefined => {
  const found = memberOf(value, name);
  return typeof found === "string" ? found : undefined;
};

export function readExplanation(text: string): Explained | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const steps = memberOf(value, "steps");
  return {
    value: memberOf(value, "value"),
    variation: textAt(value, "variation"),
    reason: textAt(value, "reason") ?? "",
    rule: textAt(value, "rule"),
    error: textAt(value, "error"),
    steps: isList(steps ?? null) ? (steps as JsonObject[]) : [],
  };
}

// The station of the editor's line at which the evaluation ended: "rule:r1", "else", ..
export function decidingStep({ steps }: Pick<Explained, "steps">): string | undefined {
  const last = steps.at(-1);
  switch (last && textAt(last, "step")) {
    case "enabled":
      return "off";
    case "prerequisite":
      return memberOf(last as JsonObject, "holds") === false ? "off" : undefined;
    case "target":
      return "targets";
    case "rule":
      return `rule:${textAt(last as JsonObject, "rule") ?? ""}`;
    case "fallthrough":
      return "else";
    default:
      return undefined;
  }
}
