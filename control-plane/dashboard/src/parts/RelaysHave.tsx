import type { Place } from "../api/queries/flags";
import { paths } from "../paths";
import { receiptWords } from "../text/en/receipt";
import { Status } from "../ui/Status";
import { Link } from "./Link";
import { versionNumber } from "./standing";
import { useStanding } from "./use_standing";

// How many relays have the newest version of an environment, in a few characters.
export function RelaysHave({ place, env }: { place: Place; env: string }) {
  const { version, standing, isUnknown } = useStanding(place, env);
  if (isUnknown) return <Status kind="unknown" text={receiptWords.unknown} />;
  if (standing === undefined || version === undefined) return null;
  if (standing.of === 0) return <Status kind="unknown" text={receiptWords.no_relays} />;
  const kind = standing.rejecting.length > 0 ? "rejected" : standing.isComplete ? "on" : "partial";
  return (
    <Link
      to={paths.environment(place.org, place.project, env, "propagation")}
      label={`${receiptWords.version(versionNumber(version), env)}: ${receiptWords.share_detail(standing.have, standing.of)}`}
    >
      <Status kind={kind} text={receiptWords.share(standing.have, standing.of)} />
    </Link>
  );
}
