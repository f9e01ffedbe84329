// JSON Patch (RFC 6902) from one value to another, and its application.

import { isList, isObject, isSame, type Json, type JsonList, type JsonObject, memberOf, setMember } from "./json";

export type Operation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

export function escapePointer(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The tokens of a JSON pointer (RFC 6901); undefined for what is none. */
export function pointerTokens(pointer: string): string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at a pointer; undefined: nothing. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  return pointerTokens(pointer)?.reduce<Json | undefined>((at, token) => {
    if (isList(at)) return /^(0|[1-9][0-9]*)$/.test(token) ? at[Number(token)] : undefined;
    return isObject(at) ? memberOf(at, token) : undefined;
  }, value);
}

/** Operations that make `after` of `before`; elements of lists are compared from both ends. */
export function jsonPatch(before: Json, after: Json, path = ""): Operation[] {
  if (isSame(before, after)) return [];
  if (isList(before) && isList(after)) return listPatch(before, after, path);
  if (isObject(before) && isObject(after)) return objectPatch(before, after, path);
  return [{ op: "replace", path, value: after }];
}

function objectPatch(before: JsonObject, after: JsonObject, path: string): Operation[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): Operation[] => {
    const [held, now] = [memberOf(before, name), memberOf(after, name)];
    const place = `${path}/${escapePointer(name)}`;
    if (held === undefined && now === undefined) return [];
    if (now === undefined) return [{ op: "remove", path: place }];
    return held === undefined ? [{ op: "add", path: place, value: now }] : jsonPatch(held, now, place);
  });
}

function listPatch(before: JsonList, after: JsonList, path: string): Operation[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const both = Math.min(old.length, now.length);
  const changed = old.slice(0, both).flatMap((value, i) => jsonPatch(value, now[i] ?? null, `${path}/${head + i}`));
  const removed = old.slice(both).map((): Operation => ({ op: "remove", path: `${path}/${head + both}` }));
  const added = now
    .slice(both)
    .map((value, i): Operation => ({ op: "add", path: `${path}/${head + both + i}`, value }));
  return [...changed, ...removed, ...added];
}

/** Applies operations in their order; undefined where one names nothing. */
export function applyPatch(value: Json, operations: readonly Operation[]): Json | undefined {
  let made: Json | undefined = value;
  for (const operation of operations) {
    const tokens = pointerTokens(operation.path);
    made = made === undefined || !tokens ? undefined : applyAt(made, tokens, operation);
  }
  return made;
}

function applyAt(value: Json, tokens: readonly string[], operation: Operation): Json | undefined {
  const [token, ...rest] = tokens;
  if (token === undefined) return operation.op === "remove" ? undefined : operation.value;
  if (isList(value)) return applyInList(value, token, rest, operation);
  if (!isObject(value)) return undefined;
  const held = memberOf(value, token);
  const made: Record<string, Json | undefined> = { ...value };
  if (rest.length === 0) {
    if (operation.op !== "add" && held === undefined) return undefined;
    if (operation.op === "remove") delete made[token];
    else setMember(made, token, operation.value);
    return made;
  }
  const inner = held === undefined ? undefined : applyAt(held, rest, operation);
  if (inner === undefined) return undefined;
  setMember(made, token, inner);
  return made;
}

function applyInList(value: JsonList, token: string, rest: readonly string[], operation: Operation): Json | undefined {
  const at = token === "-" ? value.length : /^(0|[1-9][0-9]*)$/.test(token) ? Number(token) : -1;
  const isEnd = rest.length === 0 && operation.op === "add";
  if (at < 0 || at > value.length || (at === value.length && !isEnd)) return undefined;
  if (rest.length > 0) {
    const inner = applyAt(value[at] ?? null, rest, operation);
    return inner === undefined ? undefined : value.with(at, inner);
  }
  if (operation.op === "remove") return value.toSpliced(at, 1);
  return operation.op === "add" ? value.toSpliced(at, 0, operation.value) : value.with(at, operation.value);
}
