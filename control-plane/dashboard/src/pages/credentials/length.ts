// How long a new key or token is valid.
import { credentialWords } from "../../text/en/credentials";

const choices = ["30", "90", "365", "never"] as const;
export type Length = (typeof choices)[number];

export const lengths = () =>
  choices.map((id) => ({
    id,
    label: id === "never" ? credentialWords.never_expires : credentialWords.days(Number(id)),
  }));

export const endOf = (length: Length): string | null =>
  length === "never" ? null : new Date(Date.now() + Number(length) * 86_400_000).toISOString();
