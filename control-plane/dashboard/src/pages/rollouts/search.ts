import { oneOf, text } from "../../search";

export const listSchema = { env: text, state: oneOf("ended") };
export const schema = { env: text };
export const newSchema = {
  flag: text,
  env: text,
  rule: text, // its id; without it, everyone else
  from: text,
  to: text,
};
