import { flag, list, oneOf, text } from "../../search";

export const reasons = ["constant", "unused", "expired", "never"] as const;
export type Reason = (typeof reasons)[number];

export const schema = { reason: oneOf(...reasons), owner: text, env: text, sel: list, snoozed: flag };
