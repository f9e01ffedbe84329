import { oneOf, text } from "../../search";

export const listSchema = {
  state: oneOf("draft", "open", "declined", "withdrawn", "applied", "all"),
  mine: oneOf("author", "reviewer"),
};

export const schema = {
  env: text, // where it is
  tab: oneOf("text", "json"), // how its differences are shown; without it, in words
};
