// The page demands Trusted Types. The default policy lets only the empty text pass, with which React Aria clears what it announces.
interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): unknown;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
factory?.createPolicy("default", {
  createHTML(text) {
    if (text === "") return "";
    throw new TypeError("markup is not made from text");
  },
});
