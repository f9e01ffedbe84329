// Contexts as they stand in the fragment or the field: keys one a line, a JSON object or list, or JSON one a line. Pure.
import {
  type Contexts,
  contextsFromJson,
  contextsFromKeys,
  contextsFromNdjson,
  type Json,
  tryParseJson,
  writeJson,
} from "../../model/index";

export type Read = { contexts: string[] } | { errors: readonly { line: number; detail: string }[] };

const most = 100; // explanations on one page

export function readContexts(text: string): Read {
  const trimmed = text.trim();
  if (trimmed === "") return { contexts: [] };
  const isJson = /^[[{]/.test(trimmed);
  const isWhole = isJson && "value" in tryParseJson(trimmed);
  const isLines = isJson && /^\{.*\}\s*\n\s*\{/s.test(trimmed);
  const read: Contexts =
    isWhole || (isJson && !isLines)
      ? contextsFromJson(trimmed)
      : isLines
        ? contextsFromNdjson(trimmed)
        : contextsFromKeys(trimmed);
  if ("errors" in read) return { errors: read.errors };
  return { contexts: read.contexts.slice(0, most).map((context) => writeJson(context as Json)) };
}
