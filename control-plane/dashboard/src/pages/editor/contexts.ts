// What is typed to try a flag with: a key, or a context as JSON. Pure.
import { isObject, type Json, tryParseJson, writeJson } from "../../model/index";

export function readContext(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (!/^[[{"]/.test(trimmed)) return writeJson({ targetingKey: trimmed });
  const read = tryParseJson(trimmed);
  return "value" in read && isObject(read.value) ? writeJson(read.value as Json) : undefined;
}
