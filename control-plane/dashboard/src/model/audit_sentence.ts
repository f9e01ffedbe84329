// One sentence for an entry of the audit log.

import { describeConfig } from "./change_sentences";
import type { FlagConfig } from "./config";
import { english, type Texts } from "./english";
import { isObject, type Json } from "./json";
import { type Part, type PartKind, part, type Sentence, say } from "./phrases";

/** What of an entry the sentence needs; as GET .../audit has it. */
export type AuditEntry = {
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_email?: string;
  readonly action: string;
  readonly resource: string;
  readonly before: Json;
  readonly after: Json;
};

const kinds: Readonly<Record<string, PartKind>> = {
  flags: "flag",
  segments: "segment",
  environments: "environment",
  relays: "relay",
  members: "person",
};

/** The resource's own name and the environment that it is in, from its path. */
export function placeOfResource(resource: string): { readonly what: Part; readonly environment: string | undefined } {
  const parts = resource.split("/");
  const [kind = "", name = ""] = parts.slice(-2);
  const isConfig = kind === "environments" && (parts.at(-4) === "flags" || parts.at(-4) === "segments");
  if (isConfig) return { what: part(kinds[parts.at(-4) ?? ""] ?? "resource", parts.at(-3) ?? ""), environment: name };
  const inEnvironment = parts[2] === "environments" && parts.length > 4 ? parts[3] : undefined;
  return { what: part(kinds[kind] ?? "resource", name === "" ? resource : name), environment: inEnvironment };
}

function actorOf(
  { actor_kind, actor_id, actor_email }: AuditEntry,
  names: ReadonlyMap<string, string>,
  texts: Texts,
): Sentence {
  const name = names.get(actor_id) ?? actor_email;
  if (name !== undefined) return [part("person", name)];
  return say`${texts.actors[actor_kind] ?? actor_id}`;
}

// What people call something whose path has only an id.
function nameOf({ before, after }: AuditEntry): Part | undefined {
  const state = isObject(after) ? after : before;
  const name = isObject(state) ? state.name : undefined;
  return typeof name === "string" && name !== "" ? part("resource", name) : undefined;
}

/** "ana@example.com configured new-checkout in production". `names`: people's names by their ids. */
export function auditSentence(
  entry: AuditEntry,
  names: ReadonlyMap<string, string> = new Map(),
  texts: Texts = english,
): Sentence {
  const [subject = "", verb = ""] = entry.action.split(".");
  const { what, environment } = placeOfResource(entry.resource);
  const noun = texts.nouns[subject];
  const own = noun === undefined ? what : say`${noun} ${nameOf(entry) ?? what}`;
  const named =
    entry.resource === "" || texts.subjects[subject] !== undefined ? (texts.subjects[subject] ?? subject) : own;
  const where = environment === undefined ? "" : texts.inPlace(environment);
  return texts.entry(actorOf(entry, names, texts), texts.verbs[verb] ?? verb.replaceAll("_", " "), named, where);
}

const configMembers = ["enabled", "off", "prerequisites", "targets", "rules", "fallthrough"];
const isConfig = (state: Json): state is FlagConfig & Json =>
  isObject(state) && configMembers.every((name) => state[name] !== undefined);

/** What the entry's change did, where it has both states of a configuration; else nothing. */
export function auditDetails(entry: AuditEntry, texts: Texts = english): Sentence[] {
  const { before, after } = entry;
  return isConfig(before) && isConfig(after) ? describeConfig(before, after, texts) : [];
}
