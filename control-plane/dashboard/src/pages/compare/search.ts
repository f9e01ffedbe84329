import { flag, list, oneOf, text } from "../../search";

export const schema = {
  from: text, // an environment, or a past version of one: production@8
  to: text,
  only: oneOf("same"),
  sel: list, // flags, and segments as segment/KEY
  open: text, // whose differences are shown
  parts: list, // that are taken over; without it, all
  promote: flag, // the review is open
};
