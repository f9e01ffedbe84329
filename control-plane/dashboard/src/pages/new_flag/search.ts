import { oneOf, text } from "../../search";

export const schema = { name: text, key: text, type: oneOf("boolean", "string", "number", "json"), from: text };
