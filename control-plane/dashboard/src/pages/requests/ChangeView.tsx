import { useQuery } from "@tanstack/react-query";
import { type KeptChange, laterEntriesQuery } from "../../api/queries/audit";
import { exactConfigQuery } from "../../api/queries/exact";
import { applyOptionsQuery } from "../../api/queries/flag_config";
import type { RequestPlace } from "../../api/queries/requests";
import { type Hunk, type Json, writeJson } from "../../model/index";
import { EntrySentence } from "../../parts/AuditEntry";
import { Link } from "../../parts/Link";
import { Muted } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import { StateDifference } from "../../parts/StateDifference";
import { ThreeWay } from "../../parts/ThreeWay";
import { paths } from "../../paths";
import { requestWords } from "../../text/en/requests";
import { ago } from "../../text/format";
import { Diff } from "../../ui/Diff";
import { Status } from "../../ui/Status";
import { configPlace, outcomeOf, overlaps } from "./outcome";
import styles from "./Requests.module.css";
import { schema } from "./search";
import { useLineComments } from "./use_line_comments";
import { WhoChanges } from "./WhoChanges";

interface ChangeViewProps {
  place: RequestPlace;
  change: KeptChange;
  since: string; // when it was asked for
  isOver: boolean;
  nameOf: (id: string) => string;
}

// One change of a request: what it makes of what is there now, and what others have done to the same.
export function ChangeView({ place, change, since, isOver, nameOf }: ChangeViewProps) {
  const at = configPlace(change);
  const { tab } = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const present = useQuery({
    ...exactConfigQuery(place, at?.flag ?? "", at?.env ?? ""),
    enabled: at !== undefined && !isOver,
  });
  const options = useQuery({
    ...applyOptionsQuery(place, at?.flag ?? ""),
    enabled: at !== undefined && !isOver,
  }).data;
  const later = useQuery({
    ...laterEntriesQuery(place.org, decodeURIComponent(change.path), since),
    enabled: at !== undefined && !isOver,
  });
  const held = present.data?.config;
  const outcome = held && options && outcomeOf(change, held, options);
  const entries = later.data ?? [];
  const atLine = useLineComments(place, at?.flag ?? change.path, nameOf);
  return (
    <section className={styles.changeView} aria-label={change.path}>
      <h3>
        {at ? (
          <Link to={paths.editor(place.org, place.project, at.flag, at.env)}>
            <code>{at.flag}</code>
          </Link>
        ) : (
          <code>
            {change.method} {change.path}
          </code>
        )}
      </h3>
      {at && held && outcome ? (
        <>
          <StateDifference
            label={change.path}
            states={{ before: held as unknown as Json, after: outcome as unknown as Json }}
            atLine={atLine}
            view={tab ?? "sentences"}
            onView={(view) => setSearch({ tab: view === "sentences" ? undefined : view })}
          />
          <WhoChanges place={place} at={at} before={held} after={outcome} />
        </>
      ) : (
        <Asked change={change} />
      )}
      {entries.length > 0 && (
        <>
          <Status kind="conflict" text={requestWords.since(entries.length)} />
          <ul className={styles.since}>
            {entries.map((entry) => (
              <li key={entry.id}>
                <EntrySentence org={place.org} entry={entry} />{" "}
                <Link to={paths.audit(place.org, `?entry=${encodeURIComponent(entry.id)}`)}>{ago(entry.at)}</Link>
              </li>
            ))}
          </ul>
          {held && options && <Overlaps hunks={overlaps(change, held, entries, options)} />}
        </>
      )}
      {later.isSuccess && entries.length === 0 && <Muted>{requestWords.nothing_since}</Muted>}
    </section>
  );
}

function Asked({ change }: { change: KeptChange }) {
  const lines = writeJson((change.body ?? null) as Json, 2).split("\n");
  return <Diff label={requestWords.asked} lines={lines.map((text) => ({ kind: "same", text }))} />;
}

// Places that both sides have changed: as it was, as others have made it, as the request wants it.
function Overlaps({ hunks }: { hunks: readonly Hunk[] }) {
  if (hunks.length === 0) return <Muted>{requestWords.no_overlap}</Muted>;
  return (
    <ThreeWay
      label={requestWords.three_way}
      columns={[requestWords.was, requestWords.is_now, requestWords.would_be]}
      rows={hunks.map(({ place, base, theirs, mine }) => ({ place: place.join(" "), values: [base, theirs, mine] }))}
    />
  );
}
