import { text } from "../../search";

export const schema = { at: text }; // a past version of the environment's ruleset
