import { text } from "../../search";

export const schema = { flag: text, env: text };
