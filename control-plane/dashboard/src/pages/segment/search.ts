import { oneOf, text } from "../../search";

// `rule`: the one that is open, from 1.
export const schema = {
  list: oneOf("included", "excluded"),
  attribute: text,
  q: text,
  rule: text,
  as: oneOf("tree", "json"),
};
