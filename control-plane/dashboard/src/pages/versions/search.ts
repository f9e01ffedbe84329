import { list, text } from "../../search";

export const schema = {
  flag: text, // only versions that changed it
  open: text, // the version whose change is shown
  back: text, // the version whose rollback is reviewed
  only: list, // of a rollback: these flags
};
