import { texts } from "../texts";

export const explanationWords = texts({
  title: "How the answer came about",
  enabled: (isOn: boolean) => (isOn ? "The flag is on" : "The flag is off"),
  prerequisite: (flag: string, wanted: string, got: string) =>
    `Prerequisite ${flag}: wanted ${wanted}, it answers ${got}`,
  target: (attribute: string, value: string, variation: string) =>
    `Target: ${attribute} is ${value}; named for ${variation}`,
  target_none: (attribute: string) => `Targets by ${attribute}: this one is not named`,
  rule: (id: string) => `Rule ${id}`,
  fallthrough: "Everyone else",
  serves: (variation: string) => `serves ${variation}`,
  next: "goes on with the next rule",
  slot: (unit: string, by: string, slot: string, range: string) => `${by} ${unit} has slot ${slot}${range}`,
  in_range: (from: string, to: string) => `, in ${from} to ${to}`,
  no_unit: (by: string) => `The context has no ${by}`,
  value: (value: string) => `is ${value}`,
  missing: "is missing",
  all: "all of",
  any: "any of",
  not: "not",
  segment: (key: string) => `Segment ${key}`,
  included: (attribute: string) => `included by ${attribute}`,
  excluded: (attribute: string) => `excluded by ${attribute}`,
  holds: "holds",
  fails: "does not hold",
  nothing: "nothing",
  error: (code: string) => `Error: ${code}`,
  reasons: "Reason",
});
