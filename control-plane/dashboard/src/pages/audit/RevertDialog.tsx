import { useQuery } from "@tanstack/react-query";
import { ProblemError } from "../../api/errors";
import { type AuditEntry, type RevertPreview, revertEntry, revertPreviewQuery } from "../../api/queries/audit";
import { environmentsQuery } from "../../api/queries/projects";
import { approvalsQuery, askForApproval } from "../../api/queries/requests";
import { type Json, placeOfResource } from "../../model";
import { offerRequest } from "../../parts/asked";
import { type States, sentencesOf } from "../../parts/difference";
import { Problem } from "../../parts/Problem";
import { PublishDialog } from "../../parts/PublishDialog";
import { useGo } from "../../parts/page";
import { auditWords } from "../../text/en/audit";
import { Loading } from "../../ui/States";
import { toast } from "../../ui/toasts";
import styles from "./Audit.module.css";

interface RevertDialogProps {
  org: string;
  entry: AuditEntry;
  onClose: () => void;
}

// The server tries the inverse of the entry first, and says what it comes to or what stands in the way.
export default function RevertDialog({ org, entry, onClose }: RevertDialogProps) {
  const { what } = placeOfResource(entry.resource);
  const environment = /\/environments\/([^/]+)/.exec(entry.resource)?.[1] ?? "";
  const project = entry.resource.startsWith("projects/") ? (entry.resource.split("/")[1] ?? "") : "";
  const preview = useQuery(revertPreviewQuery(org, entry.id));
  const envs = useQuery({ ...environmentsQuery(org, project), enabled: environment !== "" });
  const env = envs.data?.find((each) => each.key === environment);
  const approvals = useQuery({ ...approvalsQuery({ org, project }, environment), enabled: environment !== "" });
  const isBlocked = (approvals.data ?? 0) > 0;
  const go = useGo();
  const states = preview.data?.change === "restore" ? statesOf(entry, preview.data) : undefined;
  const inverse = preview.data?.as_change;

  const publish = async (comment: string) => {
    await revertEntry(org, entry, comment);
    toast(auditWords.reverted);
    onClose();
  };
  const ask = async (title: string, comment: string) => {
    if (!inverse) return;
    const made = await askForApproval({ org, project }, environment, title, [inverse], comment);
    onClose();
    offerRequest({ org, project }, environment, made.id, go);
  };
  return (
    <PublishDialog
      title={auditWords.revert_title(what.text)}
      env={env && { ...env, comment_required: false }}
      verb={environment === "" ? auditWords.revert : auditWords.revert_publish(environment)}
      sentences={states ? sentencesOf(states) : []}
      json={states}
      isReady={preview.data !== undefined && (environment === "" || (envs.data !== undefined && !approvals.isPending))}
      isBlocked={isBlocked}
      ask={inverse && ask}
      publish={publish}
      onClose={onClose}
    >
      {preview.isPending && <Loading rows={3} />}
      {preview.isError && <Refused error={preview.error} />}
      {preview.data && <p>{preview.data.change === "remove" ? auditWords.revert_remove : auditWords.revert_restore}</p>}
    </PublishDialog>
  );
}

// From what the entry has left to what comes back.
function statesOf(entry: AuditEntry, { result }: RevertPreview): States {
  return { before: contentOf(entry.after), after: contentOf(result ?? entry.before) };
}

const counted = new Set(["version", "updated_at", "warnings"]);

// Without what the control plane counts by itself.
function contentOf(state: unknown): Json {
  if (typeof state !== "object" || state === null || Array.isArray(state)) return (state ?? null) as Json;
  return Object.fromEntries(Object.entries(state).filter(([name]) => !counted.has(name))) as Json;
}

const reasons: Readonly<Record<string, string>> = auditWords.cannot;

function Refused({ error }: { error: unknown }) {
  if (!(error instanceof ProblemError) || error.status !== 409) return <Problem error={error} />;
  return (
    <div role="alert" className={styles.refused}>
      <strong>{auditWords.revert_refused}</strong>
      <p>{reasons[error.code] ?? error.detail}</p>
      <ul>
        {error.errors.slice(0, 20).map((one) => (
          <li key={`${one.pointer} ${one.detail}`}>
            {one.pointer && <code>{one.pointer}</code>} {one.detail}
          </li>
        ))}
      </ul>
    </div>
  );
}
