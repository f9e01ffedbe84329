import { count, plural } from "../format";
import { texts } from "../texts";

export const targetWords = texts({
  title: "Targets",
  none: "Nobody is named.",
  list: (variation: string, attribute: string) => `${attribute} that get ${variation}`,
  add: "Name somebody",
  serves: "Serves",
  attribute: "Attribute",
  changed: "Changed",
  shadowed: (variation: string) => `gets ${variation}, by an earlier list`,
  moved: (parts: string) => `Taken from other lists: ${parts}.`,
  moved_part: (values: string, from: string) => `${values} from ${from}`,
  more: (n: number) => `${count(n)} more`,
  values: (n: number) => plural(n, "value", "values"),
  found: (n: number, of: number) => `${count(n)} of ${plural(of, "value", "values")}`,
  find: (label: string) => `Find in ${label}`,
  value: "Value",
  no_match: (text: string) => `No value has “${text}” in it.`,
  remove_selected: (n: number) => `Remove ${plural(n, "value", "values")}`,
  paste: "Add values",
  paste_hint: "One a line, or separated by commas. Lists can be pasted.",
  file: "Add values from a file",
  file_hint: "Text, one value a line or separated by commas",
  add_values: (n: number) => (n === 0 ? "Add values" : `Add ${plural(n, "value", "values")}`),
  present: (n: number) => `${count(n)} of them ${n === 1 ? "is" : "are"} there already.`,
});
