import { useQuery } from "@tanstack/react-query";
import { type AuditFilter, type AuditVerification, auditExport, verificationQuery } from "../../api/queries/audit";
import { Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { auditWords } from "../../text/en/audit";
import { ago } from "../../text/format";
import { Button } from "../../ui/Button";
import { CopyText } from "../../ui/CopyText";
import { Disclosure } from "../../ui/Disclosure";
import { FileField } from "../../ui/FileField";
import { Status } from "../../ui/Status";
import styles from "./Audit.module.css";
import { useVerification } from "./use_verification";
import { VerifyReport } from "./VerifyReport";

// What the control plane says of the chain, and what this browser finds by itself.
export function ChainState({ org, filter }: { org: string; filter: AuditFilter }) {
  const state = useQuery(verificationQuery(org));
  const { progress, report, error, run } = useVerification();
  const open = (file: File | undefined) => {
    if (file) void run(async () => new Uint8Array(await file.arrayBuffer()));
  };
  const isIdle = progress === undefined && report === undefined && error === undefined;
  return (
    <section aria-label={auditWords.chain} className={styles.chain}>
      <div className={styles.chainHead}>
        {state.data && <ServerState state={state.data} at={state.dataUpdatedAt} />}
        {state.isPending && <Muted>{auditWords.chain_checking}</Muted>}
        {state.isError && <Muted>{problemText(state.error)}</Muted>}
        <Button
          isPending={progress !== undefined}
          onPress={() => void run((onBytes) => auditExport(org, filter, onBytes))}
        >
          {auditWords.verify_here}
        </Button>
      </div>
      <div role="status" className={styles.verified}>
        {isIdle ? <Muted>{auditWords.verify_detail}</Muted> : progress}
        {report && <VerifyReport report={report} />}
        {error !== undefined && (
          <>
            <Status kind="unknown" text={auditWords.verify_failed} />
            <Muted>{problemText(error)}</Muted>
          </>
        )}
      </div>
      <Disclosure title={auditWords.verify_elsewhere}>
        <FileField label={auditWords.verify_file} hint={auditWords.verify_file_hint} accept=".ndjson" onChange={open} />
        <p>
          <Muted>{auditWords.verify_offline}</Muted>
        </p>
        <CopyText
          isBlock
          text={`fanion audit export --org ${org} --output ${org}.ndjson\nfanion audit verify ${org}.ndjson`}
        />
      </Disclosure>
    </section>
  );
}

function ServerState({ state, at }: { state: AuditVerification; at: number }) {
  const checked = state.head === null ? 0 : state.checked.to - state.checked.from + 1;
  const { contradicted } = state.rulesets;
  if (state.broken_at !== null) return <Status kind="rejected" text={auditWords.chain_broken(state.broken_at)} />;
  if (contradicted.length > 0)
    return <Status kind="rejected" text={auditWords.chain_contradicted(contradicted.length)} />;
  return (
    <span className={styles.words}>
      <Status kind="on" text={auditWords.chain_ok(checked)} />
      <Muted>
        {state.head && `${auditWords.chain_head(state.head.seq)} · `}
        {auditWords.chain_rulesets(state.rulesets.checked)} · {auditWords.chain_by_server(ago(at))}
      </Muted>
    </span>
  );
}
