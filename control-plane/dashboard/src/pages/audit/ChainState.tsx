import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AuditFilter, type AuditVerification, auditExport, verificationQuery } from "../../api/queries/audit";
import { type AuditReport, verifyExport } from "../../model";
import { Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { auditWords } from "../../text/en/audit";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import styles from "./Audit.module.css";

// What the control plane says of the chain, and what this browser finds by itself.
export function ChainState({ org, filter }: { org: string; filter: AuditFilter }) {
  const state = useQuery(verificationQuery(org));
  const [progress, setProgress] = useState<string>();
  const [report, setReport] = useState<AuditReport>();
  const [error, setError] = useState<unknown>();

  const verify = async () => {
    setReport(undefined);
    setError(undefined);
    setProgress(auditWords.verify_loading("0"));
    try {
      const bytes = await auditExport(org, filter, (n) =>
        setProgress(auditWords.verify_loading((n / (1024 * 1024)).toFixed(1))),
      );
      setReport(await verifyExport(bytes, (n) => setProgress(auditWords.verify_checking(n))));
    } catch (failed) {
      setError(failed);
    } finally {
      setProgress(undefined);
    }
  };

  return (
    <section aria-label={auditWords.chain} className={styles.chain}>
      {state.data && <ServerState state={state.data} />}
      {state.isPending && <Muted>{auditWords.chain_checking}</Muted>}
      {state.isError && <Muted>{problemText(state.error)}</Muted>}
      <Button isPending={progress !== undefined} onPress={() => void verify()}>
        {auditWords.verify_here}
      </Button>
      <div role="status" className={styles.verified}>
        {progress ?? (report || error !== undefined ? null : <Muted>{auditWords.verify_detail}</Muted>)}
        {report && <Report report={report} />}
        {error !== undefined && (
          <>
            <Status kind="unknown" text={auditWords.verify_failed} />
            <Muted>{problemText(error)}</Muted>
          </>
        )}
      </div>
    </section>
  );
}

function ServerState({ state }: { state: AuditVerification }) {
  const checked = state.head === null ? 0 : state.checked.to - state.checked.from + 1;
  const { contradicted } = state.rulesets;
  if (state.broken_at !== null) return <Status kind="rejected" text={auditWords.chain_broken(state.broken_at)} />;
  if (contradicted.length > 0)
    return <Status kind="rejected" text={auditWords.chain_contradicted(contradicted.length)} />;
  return (
    <span className={styles.words}>
      <Status kind="on" text={auditWords.chain_ok(checked)} />
      <Muted>
        {auditWords.chain_rulesets(state.rulesets.checked)} · {auditWords.chain_by_server}
      </Muted>
    </span>
  );
}

const mostFaults = 10;

function Report({ report }: { report: AuditReport }) {
  const { faults } = report;
  if (faults.length === 0) {
    return (
      <span className={styles.words}>
        <Status kind="on" text={auditWords.verify_ok(report.entries)} />
        <Muted>
          {auditWords.verify_start[report.start]} · {auditWords.verify_head}{" "}
          <code>{report.last.hash.slice(0, 16)}</code>
        </Muted>
      </span>
    );
  }
  return (
    <div className={styles.refused}>
      <Status kind="rejected" text={auditWords.verify_bad(faults.length)} />
      <ul>
        {faults.slice(0, mostFaults).map((fault) => (
          <li key={`${fault.line} ${fault.code}`}>
            {auditWords.fault_line(fault.line, fault.seq)}: {fault.detail}
          </li>
        ))}
      </ul>
    </div>
  );
}
