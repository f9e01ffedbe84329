import { flag, text } from "../../search";

export const schema = {
  q: text,
  project: text,
  env: text,
  actor: text,
  action: text,
  resource: text,
  group: text,
  from: text, // a time (RFC 3339), or how long ago: 30m
  to: text,
  entry: text, // which is open
  follow: flag,
};
