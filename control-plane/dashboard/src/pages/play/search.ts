import { list, oneOf, text } from "../../search";

// `versions`: "production:3.17", what an environment is compared with. `now`: the time that rules see.
export const schema = {
  flags: list,
  envs: list,
  versions: list,
  now: text,
  by: oneOf("answer"),
  only: oneOf("changed"),
};
