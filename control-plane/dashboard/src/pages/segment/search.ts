import { oneOf, text } from "../../search";

export const schema = { list: oneOf("included", "excluded"), attribute: text, q: text };
