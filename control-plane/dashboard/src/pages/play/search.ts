import { list, oneOf, text } from "../../search";

// `versions`: what environments are compared with, "production:3.17", "production:draft" for one's own drafts, or
// "production:request:cr_1". `now`: the time that rules see. `why`: the cell that is explained, "production/checkout/17".
export const schema = {
  flags: list,
  envs: list,
  versions: list,
  now: text,
  by: oneOf("answer"),
  only: oneOf("changed"),
  why: text,
};
