import { flag, oneOf, text } from "../../search";
import { stepIds } from "./editing";

export const schema = {
  step: oneOf(...stepIds),
  rule: text,
  as: oneOf("tree", "text", "json"),
  edit: flag, // the field of the step has the focus
  base: text,
  at: text, // a past version, to read
};
