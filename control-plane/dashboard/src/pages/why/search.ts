import { text } from "../../search";

export const schema = {
  at: text, // a past version of the environment's ruleset
  time: text, // or the one that was the newest then (RFC 3339), which conditions also take for now
};
