import type { AuditReport } from "../../model/index";
import { Muted } from "../../parts/PageHead";
import { auditWords } from "../../text/en/audit";
import { exactTime } from "../../text/format";
import { Status } from "../../ui/Status";
import styles from "./Audit.module.css";

const mostFaults = 10;

// What the check in this browser found: that nothing was altered, or the first bad entry and those after it.
export function VerifyReport({ report }: { report: AuditReport }) {
  const { faults, header, last } = report;
  const [first] = faults;
  if (first === undefined) {
    return (
      <span className={styles.words}>
        <Status kind="on" text={auditWords.verify_ok(report.entries)} />
        <Muted>
          {auditWords.verify_start[report.start]} · {auditWords.verify_of(header.org, exactTime(header.exported_at))} ·{" "}
          {auditWords.verify_head(last.seq)} <code>{last.hash.slice(0, 16)}</code>
        </Muted>
      </span>
    );
  }
  return (
    <div className={styles.refused}>
      <Status kind="rejected" text={auditWords.verify_bad(faults.length, first.line, first.seq)} />
      <ul>
        {faults.slice(0, mostFaults).map((fault) => (
          <li key={`${fault.line} ${fault.code}`}>
            {auditWords.fault_line(fault.line, fault.seq)}: {fault.detail}
          </li>
        ))}
      </ul>
      {faults.length > mostFaults && <Muted>{auditWords.and_more(faults.length - mostFaults)}</Muted>}
      <Muted>{auditWords.verify_bad_detail}</Muted>
    </div>
  );
}
