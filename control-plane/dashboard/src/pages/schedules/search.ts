import { oneOf, text } from "../../search";

export const schema = {
  as: oneOf("calendar"),
  env: text,
  state: oneOf("ended"),
  month: text, // "2026-12"
};
