import { useQuery } from "@tanstack/react-query";
import type { DryRun } from "../../api/queries/exact";
import { reviewWords } from "../../text/en/review";
import { list } from "../../text/format";
import { Loading } from "../../ui/States";
import { problemText } from "../Problem";
import styles from "./Review.module.css";
import { isNew, type Reviewed } from "./reviewed";

// What the control plane's dry run finds, and what depends on what changes.
export function Findings({ preview, warnings = [] }: Pick<Reviewed, "preview" | "warnings">) {
  const query = useQuery({
    queryKey: ["preview", preview?.id ?? ""],
    queryFn: () => (preview as NonNullable<typeof preview>).run(),
    enabled: preview !== undefined,
    gcTime: 0,
    retry: false,
  });
  if (!preview) return null;
  if (query.data) return <Found found={query.data} warnings={warnings} />;
  return (
    <section className={styles.part} aria-label={reviewWords.findings}>
      <h3>{reviewWords.findings}</h3>
      {query.isError ? (
        <p role="alert">
          {reviewWords.findings_unknown} {problemText(query.error)}
        </p>
      ) : (
        <Loading rows={2} />
      )}
    </section>
  );
}

function Found({ found, warnings }: { found: DryRun; warnings: NonNullable<Reviewed["warnings"]> }) {
  const sorted = [...found.warnings].sort((a, b) => Number(isNew(b, warnings)) - Number(isNew(a, warnings)));
  return (
    <>
      <section className={styles.part} aria-label={reviewWords.findings}>
        <h3>{reviewWords.findings}</h3>
        {sorted.length === 0 && <p className={styles.muted}>{reviewWords.findings_none}</p>}
        <ul className={styles.list}>
          {sorted.map((warning) => {
            const fresh = isNew(warning, warnings);
            return (
              <li key={`${warning.pointer} ${warning.code} ${warning.detail}`} data-tone={fresh ? "new" : "old"}>
                <span className={fresh ? styles.tag : styles.muted}>
                  {fresh ? reviewWords.findings_new : reviewWords.findings_before}
                </span>
                <br />
                {warning.detail}
              </li>
            );
          })}
        </ul>
      </section>
      <section className={styles.part} aria-label={reviewWords.dependants}>
        <h3>{reviewWords.dependants}</h3>
        {found.dependants.length === 0 && <p className={styles.muted}>{reviewWords.dependants_none}</p>}
        <ul className={styles.list}>
          {found.dependants.map((use) => (
            <li key={`${use.kind} ${use.key} ${use.environment} ${use.pointer}`}>
              {reviewWords.dependant(use.kind, use.key, use.environment, use.place)}
            </li>
          ))}
        </ul>
        {found.has_more_dependants && <p className={styles.muted}>{reviewWords.dependants_more}</p>}
        {found.publishes.length > 0 && <p className={styles.muted}>{reviewWords.publishes(list(found.publishes))}</p>}
      </section>
    </>
  );
}
