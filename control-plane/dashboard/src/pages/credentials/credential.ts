// What keys and service tokens have in common: a life with an end, and a successor. Pure.
export interface Credential {
  id: string;
  name: string;
  created_at: string;
  not_before?: string | null;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  replaces: string | null;
}

export type Standing = "valid" | "soon" | "not_yet" | "expired" | "revoked";
export const warningDays = 14;
const day = 86_400_000;

export function standingOf(credential: Credential, now: number): Standing {
  const { revoked_at, expires_at, not_before } = credential;
  if (revoked_at !== null) return "revoked";
  if (expires_at !== null && Date.parse(expires_at) <= now) return "expired";
  if (not_before && Date.parse(not_before) > now) return "not_yet";
  return expires_at !== null && Date.parse(expires_at) - now <= warningDays * day ? "soon" : "valid";
}

export const isOver = (credential: Credential, now: number): boolean =>
  ["expired", "revoked"].includes(standingOf(credential, now));

export const daysLeft = (credential: Credential, now: number): number =>
  Math.max(0, Math.floor((Date.parse(credential.expires_at ?? "") - now) / day));

// The live one into which a credential was rotated.
export const successorOf = <T extends Credential>(of: Credential, among: readonly T[], now: number): T | undefined =>
  among.find((other) => other.replaces === of.id && !isOver(other, now));

// Those that end soon and that nothing will replace.
export const endingSoon = <T extends Credential>(among: readonly T[], now: number): T[] =>
  among.filter((one) => standingOf(one, now) === "soon" && !successorOf(one, among, now));

// Last use is known to the minute: a use in the minute in which the successor was made is not one after it.
export function isUsedSince(credential: Credential, since: string): boolean {
  return credential.last_used_at !== null && Date.parse(credential.last_used_at) > Date.parse(since);
}
