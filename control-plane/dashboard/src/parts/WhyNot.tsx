import { type Action, actions, rolesThatMay } from "../model/permissions";
import { permissionWords, words } from "../text/en";
import { list } from "../text/format";
import { Banner } from "../ui/States";

// Why something is not offered here, and whose roles may.
export function WhyNot({ action, place }: { action: Action; place: string }) {
  return (
    <Banner tone="info">
      {words.why_not(permissionWords[actions[action]] ?? action, place, list(rolesThatMay(action)))}
    </Banner>
  );
}
