import { oneOf, text } from "../../search";

export const listSchema = { env: text, state: oneOf("ended") };
export const schema = { env: text };
