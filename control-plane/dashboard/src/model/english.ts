// The English of the sentences, in one table: src/text takes it from here, and another language is
// another table of the same shape.

import { between, joinParts, type Piece, part, type Sentence, say, value } from "./phrases";

const list = (names: { parts: Sentence; more: number }): Sentence =>
  names.more === 0 ? names.parts : say`${names.parts} and ${names.more} more`;
const isOwn = (attribute: string): boolean => attribute === "targetingKey";
const by = (attribute: string): Sentence => (isOwn(attribute) ? [] : say` by ${value(attribute)}`);
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const english = {
  list,
  joined: (pieces: readonly Piece[]): Sentence => between(pieces, ", ", " and "),
  clauses: (pieces: readonly Piece[]): Sentence => between(pieces, "; "),
  callersDefault: (): Sentence => say`the caller's own default`,

  // -- A configuration in one sentence
  off: (served: Piece): Sentence => say`Off: everyone gets ${served}`,
  onlyWhere: (prerequisites: readonly Piece[], rest: Piece): Sentence =>
    say`Only where ${between(prerequisites, ", ", " and ")}: ${rest}`,
  prerequisite: (flag: string, variations: readonly Piece[]): Sentence =>
    say`${part("flag", flag)} is ${between(variations, ", ", " or ")}`,
  get: (who: Piece, isOne: boolean, served: Piece): Sentence => say`${who} ${isOne ? "gets" : "get"} ${served}`,
  percentOf: (percent: string, who: Piece): Sentence => say`${percent} % of ${who}`,
  percent: (percent: string): Sentence => say`${percent} %`,
  everyone: (): Sentence => say`everyone`,
  everyoneElse: (served: Piece): Sentence => say`everyone else ${served}`,
  ofEveryoneElse: (): Sentence => say`everyone else`,
  theOthers: (served: Piece): Sentence => say`the others ${served}`,
  those: (condition: string): Sentence => say`those with ${part("condition", condition)}`,
  notThose: (who: Piece): Sentence => say`all but ${who}`,
  members: (segments: Piece): Sentence => say`members of ${segments}`,
  withAttribute: (attribute: string, values: Piece): Sentence => say`${value(attribute)} ${values}`,

  // -- What a change does; the same as the control plane's
  turns: (isOn: boolean): Sentence => (isOn ? say`Turns the flag on.` : say`Turns the flag off.`),
  offServes: (now: Piece, before: Piece): Sentence =>
    say`While the flag is off, it serves ${now} instead of ${before}.`,
  requires: (flag: string, variations: Piece): Sentence =>
    say`Requires that flag ${part("flag", flag)} serves ${variations}`,
  insteadOf: (what: Piece, before: Piece): Sentence => say`${what} instead of ${before}.`,
  ended: (what: Piece): Sentence => say`${what}.`,
  noLongerRequires: (flag: string): Sentence => say`No longer requires flag ${part("flag", flag)}.`,
  reorders: (what: "prerequisites" | "targets" | "tags" | "variations" | "listed values"): Sentence =>
    what === "listed values" ? say`Changes the order of listed values.` : say`Changes the order of the ${what}.`,
  targets: (verb: "Adds" | "Removes", count: number, variation: Piece, attribute: string, values: Piece): Sentence =>
    say`${verb} ${counted(count, "target")} of ${variation}${by(attribute)}: ${values}.`,
  ruleName: (index: number, id: string): Sentence => say`rule ${index + 1} (${part("rule", id)})`,
  rule: (index: number): Sentence => say`Rule ${index + 1}`,
  fallthrough: (): Sentence => say`The fallthrough`,
  removes: (what: Piece): Sentence => say`Removes ${what}.`,
  movesRule: (id: string, to: number, from: number): Sentence =>
    say`Moves rule ${part("rule", id)} to place ${to + 1} from place ${from + 1}.`,
  addsRule: (rule: Piece, condition: string, shares: Piece): Sentence =>
    say`Adds ${rule}: if ${part("condition", condition)}, it serves ${shares}.`,
  applies: (rule: Piece, now: string, before: string): Sentence =>
    say`${rule} applies if ${part("condition", now)}, instead of if ${part("condition", before)}.`,
  servesInstead: (subject: Piece, now: Piece, before: Piece): Sentence =>
    say`${subject} serves ${now} instead of ${before}.`,
  servesTo: (subject: Piece, variation: Piece, now: string, before: string): Sentence =>
    say`${subject} serves ${variation} to ${now} % instead of ${before} %.`,
  leaves: (subject: Piece, now: string, before: string): Sentence =>
    say`${subject} leaves to the next rule ${now} % instead of ${before} %.`,
  share: (variation: Piece, percent: string): Sentence => say`${variation} to ${percent} %`,
  nothing: (): Sentence => say`nothing`,
  splitsBy: (subject: Piece, now: string, before: string): Sentence =>
    say`${subject} splits by ${value(now)} instead of ${value(before)}.`,
  dealsAnew: (subject: Piece): Sentence => say`${subject} distributes everybody anew, by another salt or hash.`,
  sameShares: (subject: Piece): Sentence => say`${subject} serves the same shares to others than before.`,

  archives: (isArchived: boolean): Sentence =>
    isArchived
      ? say`Archives the flag: no environment serves it any more.`
      : say`Restores the flag: every environment serves it again.`,
  sets: (what: string, now: string): Sentence => say`Sets the ${what} to ${value(now)}.`,
  unsets: (what: string, before: string): Sentence => say`Removes the ${what} ${value(before)}.`,
  changes: (what: string, now: string, before: string): Sentence =>
    say`Changes the ${what} to ${value(now)} from ${value(before)}.`,
  tags: (verb: "Adds" | "Removes", tags: Piece): Sentence => say`${verb} the tags ${tags}.`,
  renames: (before: Piece, now: Piece): Sentence => say`Renames the variation ${before} to ${now}.`,
  addsVariation: (variation: Piece, json: string): Sentence =>
    say`Adds the variation ${variation} with the value ${value(json)}.`,
  variationHas: (variation: Piece, now: string, before: string): Sentence =>
    say`The variation ${variation} has the value ${value(now)} instead of ${value(before)}.`,
  removesVariation: (variation: Piece): Sentence => say`Removes the variation ${variation}.`,
  client: (isOn: boolean): Sentence =>
    isOn ? say`Client keys may evaluate the flag.` : say`Client keys may no longer evaluate the flag.`,
  track: (isOn: boolean): Sentence =>
    isOn ? say`Asks for exposures of its evaluations.` : say`No longer asks for exposures of its evaluations.`,
  listsValues: (verb: Piece, count: number, attribute: string, values: Piece): Sentence =>
    say`${verb} ${counted(count, "value")}${by(attribute)}: ${values}.`,
  segmentRule: (verb: "Adds" | "Removes", index: number, condition: string): Sentence =>
    say`${verb} rule ${index + 1}: ${part("condition", condition)}.`,
  segmentRules: (): Sentence => say`Changes the order or number of the rules.`,

  // -- Entries of the audit log
  entry: (who: Piece, did: Piece, what: Piece, where: Piece): Sentence => joinParts([who, " ", did, " ", what, where]),
  inPlace: (environment: string): Sentence => say` in ${part("environment", environment)}`,
  verbs: {
    created: "created",
    updated: "changed",
    deleted: "deleted",
    restored: "restored",
    configured: "configured",
    promoted: "promoted into",
    rolled_back: "rolled back",
    rotated: "rotated",
    revoked: "revoked",
    invited: "invited",
    joined: "joined as",
    removed: "removed",
    enabled: "enabled",
    withdrawn: "withdrew",
    commented: "commented on",
    approved: "approved",
    declined: "declined",
    applied: "applied",
    bypassed: "applied without approval",
    cancelled: "cancelled",
    run: "ran",
    paused: "paused",
    resumed: "resumed",
    stepped: "took the next step of",
    stopped: "stopped",
    completed: "completed",
    disabled: "disabled",
    tested: "tested",
    replayed: "replayed",
    started: "started",
    ended: "ended",
    reset: "reset",
    reset_issued: "was given a reset of",
    denied: "was denied",
    refused: "was refused",
    purged: "deleted old entries of",
  } as Readonly<Record<string, string>>,
  subjects: {
    org: "the organisation",
    audit: "the audit log",
    session: "a session",
    request: "a request",
    password: "the password",
  } as Readonly<Record<string, string>>,
  // Of what is named by an id in paths: what it is called stands behind them.
  nouns: {
    change_request: "the change request",
    identity_provider: "the identity provider",
    key: "the key",
    rollout: "the rollout",
    schedule: "the schedule",
    token: "the token",
    webhook: "the webhook",
  } as Readonly<Record<string, string>>,
  actors: {
    anonymous: "somebody",
    operator: "the operator",
    system: "Fanion",
    key: "a key",
    service: "a service account",
    user: "a person",
  } as Readonly<Record<string, string>>,
} as const;

export type Texts = typeof english;
