// What an instruction is refused for: the same codes and places as in the server's answers.

import { limits } from "./config";
import type { KindTable, MemberType } from "./instructions";
import { isList, isObject, type Json, type JsonObject, memberOf } from "./json";

/** `pointer` is a JSON pointer into the request: "/instructions/2/rule". */
export type Refusal = { readonly pointer: string; readonly code: string; readonly detail: string };

/** Thrown within the model and caught by its entry points, which return the refusal. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(pointer: string, code: string, detail: string) {
    super(detail);
    this.refusal = { pointer, code, detail };
  }
}

/** The result of `make`, or what it was refused for. */
export function orRefusal<T>(make: () => T): { readonly value: T } | { readonly refusal: Refusal } {
  try {
    return { value: make() };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}

const isText = (value: Json | undefined): value is string => typeof value === "string";

function faultOf(value: Json, type: MemberType): [code: string, detail: string] | undefined {
  switch (type) {
    case "any":
      return undefined;
    case "boolean":
      return typeof value === "boolean" ? undefined : ["wrong_type", "must be a boolean"];
    case "index":
      return Number.isInteger(value) ? undefined : ["wrong_type", "must be an integer"];
    case "text_or_null":
      return value === null || isText(value) ? undefined : ["wrong_type", "must be a string"];
    case "text":
    case "name":
      if (!isText(value)) return ["wrong_type", "must be a string"];
      return type === "name" && value === "" ? ["missing", "this must not be empty"] : undefined;
    default:
      if (!isList(value)) return ["wrong_type", "must be an array"];
      return type === "names" && value.length === 0 ? ["missing", "give at least one"] : undefined;
  }
}

function checkMember(place: string, value: Json, type: MemberType): void {
  const fault = faultOf(value, type);
  if (fault) throw new Refused(place, ...fault);
  if ((type !== "names" && type !== "texts") || !isList(value)) return;
  const other = value.findIndex((element) => !isText(element));
  if (other >= 0) throw new Refused(`${place}/${other}`, "wrong_type", "must be a string");
}

/** Throws Refused unless the instruction has a known kind with its members, and no others. */
export function checkInstruction(instruction: JsonObject, kinds: KindTable, place: string): void {
  const kind = memberOf(instruction, "kind");
  if (kind === undefined) throw new Refused(`${place}/kind`, "missing", "`kind` is missing");
  if (!isText(kind)) throw new Refused(`${place}/kind`, "wrong_type", "must be a string");
  const members = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  const known = Object.keys(kinds).join(", ");
  if (!members)
    throw new Refused(`${place}/kind`, "unknown_kind", `this resource has no such instruction; it has ${known}`);
  const names = new Set(["kind"]);
  for (const [spelled, type] of Object.entries(members)) {
    const name = spelled.replace("?", "");
    names.add(name);
    const value = memberOf(instruction, name);
    if (value !== undefined) checkMember(`${place}/${name}`, value, type);
    else if (spelled === name) throw new Refused(`${place}/${name}`, "missing", `\`${name}\` is missing`);
  }
  for (const name of Object.keys(instruction))
    if (!names.has(name)) throw new Refused(`${place}/${name}`, "unknown_field", `there is no member \`${name}\``);
}

/** Applies each instruction to the state that those before it have made; throws Refused. */
export function applyEach<State>(
  state: State,
  instructions: readonly Json[],
  kinds: KindTable,
  apply: (state: State, instruction: JsonObject, place: string) => State,
): State {
  if (instructions.length === 0 || instructions.length > limits.instructions)
    throw new Refused("/instructions", "limit", `a patch has 1 to ${limits.instructions} instructions`);
  return instructions.reduce<State>((made, instruction, i) => {
    const place = `/instructions/${i}`;
    if (!isObject(instruction)) throw new Refused(place, "wrong_type", "must be an object");
    checkInstruction(instruction, kinds, place);
    return apply(made, instruction, place);
  }, state);
}
