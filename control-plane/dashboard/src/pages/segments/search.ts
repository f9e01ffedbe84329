import { text } from "../../search";

export const schema = { q: text };
export const newSchema = { name: text };
