// A check of an export in this browser: how far it has come, and what it found.
import { useState } from "react";
import { type AuditReport, verifyExport } from "../../model/index";
import { auditWords } from "../../text/en/audit";

type Load = (onBytes: (bytes: number) => void) => Promise<Uint8Array<ArrayBuffer>>;

export interface Verification {
  progress: string | undefined; // while it runs
  report: AuditReport | undefined;
  error: unknown; // it could not be loaded in whole
  run: (load: Load) => Promise<void>;
}

const mebibytes = (bytes: number): string => (bytes / (1024 * 1024)).toFixed(1);

export function useVerification(): Verification {
  const [progress, setProgress] = useState<string>();
  const [report, setReport] = useState<AuditReport>();
  const [error, setError] = useState<unknown>();
  const run = async (load: Load) => {
    setReport(undefined);
    setError(undefined);
    setProgress(auditWords.verify_loading(mebibytes(0)));
    try {
      const bytes = await load((n) => setProgress(auditWords.verify_loading(mebibytes(n))));
      setReport(await verifyExport(bytes, (n) => setProgress(auditWords.verify_checking(n))));
    } catch (failed) {
      setError(failed);
    } finally {
      setProgress(undefined);
    }
  };
  return { progress, report, error, run };
}
