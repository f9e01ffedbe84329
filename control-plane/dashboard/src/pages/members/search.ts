import { text } from "../../search";

export const schema = { q: text };
