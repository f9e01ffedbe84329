import { list, text } from "../../search";

export const schema = {
  flag: text, // only versions that changed it
  back: text, // the version whose rollback is reviewed
  only: list, // of a rollback: these flags
};
