import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AuditEntry, type RevertPreview, revertEntry, revertPreviewQuery } from "../../api/queries/audit";
import { environmentsQuery } from "../../api/queries/projects";
import { approvalsQuery } from "../../api/queries/requests";
import { type Json, placeOfResource } from "../../model/index";
import { type States, sentencesOf } from "../../parts/difference";
import { PublishDialog } from "../../parts/PublishDialog";
import type { Given } from "../../parts/ReviewSheet";
import { useOffer } from "../../parts/session";
import { auditWords } from "../../text/en/audit";
import { Loading } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { RevertRefused } from "./RevertRefused";

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
  const [isSent, setSent] = useState(false);
  // What has been undone cannot be undone again, so it is not tried again.
  const preview = useQuery({ ...revertPreviewQuery(org, entry.id), enabled: !isSent });
  const envs = useQuery({ ...environmentsQuery(org, project), enabled: environment !== "" });
  const env = envs.data?.find((each) => each.key === environment);
  const approvals = useQuery({ ...approvalsQuery({ org, project }, environment), enabled: environment !== "" });
  const guarded = useOffer()("revert", org, project, env);
  const offered = environment === "" ? ({ kind: "allowed" } as const) : guarded;
  // Undoing says why by itself; what others approve does not.
  const isBlocked = offered.kind === "allowed" && (approvals.data ?? 0) > 0;
  const isAtOnce = offered.kind === "allowed" && !isBlocked;
  const states = preview.data?.change === "restore" ? statesOf(entry, preview.data) : undefined;

  const publish = async ({ comment }: Given) => {
    setSent(true);
    try {
      await revertEntry(org, entry, comment);
    } catch (error) {
      setSent(false);
      throw error;
    }
    toast(auditWords.reverted);
  };
  return (
    <PublishDialog
      title={auditWords.revert_title(what.text)}
      place={{ org, project }}
      env={env && { ...env, comment_required: env.comment_required && !isAtOnce }}
      verb={environment === "" ? auditWords.revert : auditWords.revert_publish(environment)}
      sentences={states ? sentencesOf(states) : []}
      json={states}
      isReady={preview.data !== undefined && (environment === "" || (envs.data !== undefined && !approvals.isPending))}
      offered={offered}
      isBlocked={isBlocked}
      later={preview.data?.as_change}
      publish={publish}
      onClose={onClose}
    >
      {preview.isPending && <Loading rows={3} />}
      {preview.isError && <RevertRefused org={org} entry={entry} error={preview.error} />}
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
