import type { AuditEntry as Entry } from "../api/queries/audit";
import { auditSentence, type Json, placeOfResource } from "../model/index";
import { paths } from "../paths";
import { auditWords } from "../text/en/audit";
import { changeWords } from "../text/en/changes";
import { exactTime } from "../text/format";
import { CopyText } from "../ui/CopyText";
import styles from "./AuditEntry.module.css";
import { type States, statesByItem } from "./difference";
import { Link } from "./Link";
import { Muted } from "./PageHead";
import { usePlacePaths } from "./resource_paths";
import { Sentence } from "./Sentence";
import { StateDifference } from "./StateDifference";
import { versionNumber } from "./standing";

// "ana@example.com configured new-checkout in production", with links to what it names.
export function EntrySentence({ org, entry }: { org: string; entry: Entry }) {
  const pathOf = usePlacePaths(org);
  const { what } = placeOfResource(entry.resource);
  return (
    <Sentence
      parts={auditSentence(entry as never)}
      linkOf={({ text }) => (text === what.text ? pathOf(entry.resource) : undefined)}
    />
  );
}

// All that an entry of the audit log says: the difference, what was published, by whom with what from where.
export function AuditEntryDetails({ org, entry }: { org: string; entry: Entry }) {
  const pathOf = usePlacePaths(org);
  const path = pathOf(entry.resource);
  const facts: [string, string][] = [
    [auditWords.by, entry.credential_id],
    [auditWords.address, entry.peer],
    [auditWords.request, entry.request_id],
    [auditWords.sequence, String(entry.seq)],
  ];
  return (
    <div className={styles.details}>
      <EntryDifference entry={entry} />
      {Object.entries(entry.published ?? {}).map(([env, version]) => (
        <Muted key={env}>{auditWords.published(env, versionNumber(version))}</Muted>
      ))}
      <dl className={styles.facts}>
        <dt>{auditWords.resource}</dt>
        <dd>
          {path ? (
            <Link to={path}>
              <code>{entry.resource}</code>
            </Link>
          ) : (
            <code>{entry.resource}</code>
          )}{" "}
          <Link to={paths.audit(org, `?resource=${encodeURIComponent(entry.resource)}`)}>
            {auditWords.only_resource}
          </Link>
        </dd>
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
        <dt>{auditWords.entry}</dt>
        <dd>
          <CopyText text={entry.id} /> <Muted>{exactTime(entry.at)}</Muted>
        </dd>
      </dl>
    </div>
  );
}

function EntryDifference({ entry }: { entry: Entry }) {
  const states: States = { before: (entry.before ?? null) as Json, after: (entry.after ?? null) as Json };
  const items = statesByItem(states);
  if (states.before === null && states.after === null) {
    if (!entry.patch) return null;
    return (
      <>
        <Muted>{changeWords.too_large}</Muted>
        <ul className={styles.patch}>
          {entry.patch.map((operation) => (
            <li key={JSON.stringify(operation)}>
              <code>{JSON.stringify(operation)}</code>
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (items.length === 0) return <StateDifference states={states} label={entry.resource} />;
  return items.map(([name, each]) => (
    <section key={name} className={styles.item}>
      <h4>
        <code>{name}</code>
      </h4>
      <StateDifference states={each} label={name} />
    </section>
  ));
}
