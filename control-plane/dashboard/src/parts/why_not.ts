// Why something is not offered at a place, and whose roles may. Pure.
import { type Action, permissionFor, rolesThatMay } from "../model/index";
import { permissionWords, words } from "../text/en";
import { list } from "../text/format";

export function whyNot(action: Action, place: string, isProtected = false): string {
  const permission = permissionFor(action, isProtected);
  return words.why_not(permissionWords[permission] ?? action, place, list(rolesThatMay(action, isProtected)));
}
