import { text } from "../../search";

export const schema = { version: text };
