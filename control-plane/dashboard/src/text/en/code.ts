import { texts } from "../texts";

export const codeWords = texts({
  language: "Language",
  relay_hint:
    "RELAY stands for the address of a relay that the program reaches; FANION_KEY holds a server key of the environment.",
  client_hint:
    "RELAY stands for the address of a relay that the page reaches; a client key sees only flags for browsers and apps.",
  waiting: "Waiting for the first evaluation",
  waiting_detail: "This turns by itself as soon as a relay reports one.",
  asked: (env: string) => `Evaluated in ${env}`,
  make_key: (env: string) => `Make a server key for ${env}`,
  key_once: "The key stands above. It is shown only now.",
});

export const newFlagWords = texts({
  title: "New flag",
  detail: "Off everywhere until you turn it on.",
  copy_title: (flag: string) => `Copy of ${flag}`,
  copy_detail: "With the same variations, and its configuration in all environments.",
  name: "Name",
  key: "Key",
  key_hint: "What programs ask for. It cannot be changed later.",
  type: "Type",
  boolean: "Boolean",
  string: "String",
  number: "Number",
  json: "JSON",
  more: "More",
  create: "Create flag",
  created: (key: string) => `${key} is there, off everywhere`,
  open: "Open the flag",
  denied: "create flags",
  code: "In your program",
});
