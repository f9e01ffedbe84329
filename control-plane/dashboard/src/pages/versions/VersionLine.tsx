import { useQuery } from "@tanstack/react-query";
import { auditEntryQuery } from "../../api/queries/audit";
import type { Place } from "../../api/queries/flags";
import type { PastVersion } from "../../api/queries/promotion";
import { AuditEntryDetails } from "../../parts/AuditEntry";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Muted } from "../../parts/PageHead";
import { versionNumber } from "../../parts/standing";
import { paths } from "../../paths";
import { versionWords } from "../../text/en/compare";
import { ago, exactTime, list as listed } from "../../text/format";
import { Button } from "../../ui/Button";

const shownNames = 5;

interface VersionLineProps {
  place: Place;
  env: string;
  version: PastVersion;
  isPresent: boolean;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  mustAsk: boolean;
  onBack: (() => void) | undefined;
}

function changedBy({ flags, segments, keys, changes, action }: PastVersion): string {
  const names = [...flags, ...segments];
  const others = changes - Math.min(names.length, shownNames);
  if (names.length > 0)
    return [
      versionWords.changed(listed(names.slice(0, shownNames))),
      ...(others > 0 ? [versionWords.and_more(others)] : []),
    ].join(" ");
  return keys.length > 0 ? versionWords.changed(versionWords.keys(keys.length)) : (action ?? "");
}

// One version: what changed with it, by whom and why; its change in full, and the ways back to it.
export function VersionLine(props: VersionLineProps) {
  const { place, env, version, isPresent, isOpen, onOpen, mustAsk, onBack } = props;
  const who = version.actor === null ? versionWords.by_itself : (version.actor.email ?? version.actor.id);
  const part = encodeURIComponent;
  const compared = `?from=${part(env)}@${part(version.version)}&to=${part(env)}`;
  return (
    <Line
      end={
        isPresent ? (
          <Muted>{versionWords.present}</Muted>
        ) : (
          <>
            <Link to={paths.compare(place.org, place.project, compared)}>{versionWords.compare_with_present}</Link>
            {onBack && (
              <Button onPress={onBack}>{mustAsk ? versionWords.ask_to_roll_back : versionWords.roll_back}</Button>
            )}
          </>
        )
      }
    >
      <span>
        <code title={version.version}>{versionNumber(version.version)}</code> {changedBy(version)}
      </span>
      <Muted>
        {who} · <time dateTime={version.at}>{ago(version.at)}</time> · {exactTime(version.at)}
        {version.comment && ` · ${version.comment}`} · {versionWords.root} <code>{version.root.slice(0, 12)}</code>
      </Muted>
      {version.audit_id && (
        <span>
          <Button kind="quiet" icon={isOpen ? "down" : "forward"} isExpanded={isOpen} onPress={() => onOpen(!isOpen)}>
            {versionWords.change}
          </Button>
        </span>
      )}
      {isOpen && version.audit_id && <Change org={place.org} entry={version.audit_id} />}
    </Line>
  );
}

function Change({ org, entry }: { org: string; entry: string }) {
  const found = useQuery(auditEntryQuery(org, entry));
  return <Load query={found}>{(data) => <AuditEntryDetails org={org} entry={data} />}</Load>;
}
