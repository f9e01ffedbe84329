import { texts } from "../texts";

export const paletteWords = texts({
  title: "Search or do",
  placeholder: "A flag, a page, or: off checkout · new flag Name · go audit · copy curl",
  nothing: "Nothing is called so",
  hint: "↑ ↓ choose · Enter does it · Esc closes",
  flag: "Flag",
  segment: "Segment",
  person: "Person",
  page: "Page",
  environment: "Environment",
  turn_on: (flag: string, env: string) => `Turn on ${flag} in ${env}`,
  turn_off: (flag: string, env: string) => `Turn off ${flag} in ${env}`,
  already_on: "is on",
  already_off: "is off",
  asks: "asks first",
  at_once: "at once, with Undo",
  why: (flag: string, who: string) => (who === "" ? `Why does somebody get ${flag}?` : `Why does ${who} get ${flag}?`),
  promote: (flag: string, from: string, to: string) =>
    `Promote ${flag}${from ? ` from ${from}` : ""}${to ? ` to ${to}` : ""}`,
  create: (what: "flag" | "segment", name: string) => (name ? `Create the ${what} ${name}` : `New ${what}`),
  copy_key: (key: string) => `Copy the key ${key}`,
  copy_curl: (key: string) => `Copy a request for ${key}`,
  copy_link: "Copy the address of this page",
  copied: "Copied.",
});
