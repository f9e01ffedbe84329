import { useQuery } from "@tanstack/react-query";
import { ProblemError } from "../../api/errors";
import { type AuditEntry, auditEntryQuery } from "../../api/queries/audit";
import { flagConfigQuery } from "../../api/queries/flag_config";
import { type Json, valueAt } from "../../model/index";
import { EntrySentence } from "../../parts/AuditEntry";
import { Link } from "../../parts/Link";
import { Problem } from "../../parts/Problem";
import { ThreeWay } from "../../parts/ThreeWay";
import { paths } from "../../paths";
import { auditWords } from "../../text/en/audit";
import { ago } from "../../text/format";
import styles from "./Audit.module.css";

const reasons: Readonly<Record<string, string>> = auditWords.cannot;
const mostPlaces = 20;

interface RevertRefusedProps {
  org: string;
  entry: AuditEntry;
  error: unknown;
}

// Why an entry cannot be undone: the places that have been changed since, in three columns, and by which entries.
export function RevertRefused({ org, entry, error }: RevertRefusedProps) {
  const [, project = "", list, flag = "", , env = ""] = entry.resource.split("/");
  const isConfig = list === "flags" && env !== "";
  const isChanged = error instanceof ProblemError && error.code === "changed_since";
  const present = useQuery({
    ...flagConfigQuery({ org, project }, flag, env),
    enabled: isConfig && isChanged,
  }).data?.value;
  if (!(error instanceof ProblemError) || error.status !== 409) return <Problem error={error} />;
  const places = error.errors.filter(({ pointer }) => pointer.startsWith("/")).slice(0, mostPlaces);
  const others = error.errors.filter(({ pointer }) => !pointer.startsWith("/")).slice(0, mostPlaces);
  const states = [entry.before, entry.after, present].map((state) => (state ?? null) as Json);
  return (
    <div role="alert" className={styles.refused}>
      <strong>{auditWords.revert_refused}</strong>
      <p>{reasons[error.code] ?? error.detail}</p>
      {present && places.length > 0 ? (
        <ThreeWay
          label={auditWords.later}
          columns={[auditWords.entry_before, auditWords.entry_after, auditWords.entry_now]}
          rows={places.map(({ pointer }) => ({
            place: pointer,
            values: states.map((state) => valueAt(state, pointer)),
          }))}
        />
      ) : (
        <ul>
          {places.map((one) => (
            <li key={`${one.pointer} ${one.detail}`}>
              <code>{one.pointer}</code> {one.detail}
            </li>
          ))}
        </ul>
      )}
      <ul>
        {others.map((one) => (
          <li key={`${one.item} ${one.detail}`}>
            {one.item ? <LaterEntry org={org} entry={one.item} detail={one.detail} /> : one.detail}
          </li>
        ))}
      </ul>
    </div>
  );
}

// What came after, in words; as the control plane names it where the entry cannot be read.
function LaterEntry({ org, entry, detail }: { org: string; entry: string; detail: string }) {
  const found = useQuery(auditEntryQuery(org, entry)).data;
  const to = paths.audit(org, `?entry=${encodeURIComponent(entry)}`);
  if (!found) return <Link to={to}>{detail}</Link>;
  return (
    <>
      <EntrySentence org={org} entry={found} /> <Link to={to}>{ago(found.at)}</Link>
    </>
  );
}
