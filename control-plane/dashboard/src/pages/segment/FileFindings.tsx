import { Fragment } from "react";
import type { UploadMode } from "../../api/queries/segment_uploads";
import { segmentWords } from "../../text/en/segments";
import { count } from "../../text/format";
import { FormError } from "../../ui/Field";
import type { ListAnswer, Sample } from "./list_protocol";
import styles from "./Segment.module.css";

const shown = ({ count: all, some }: Sample): string => {
  const named = some.map(({ value, line }) => `${value} (${segmentWords.file_line(line)})`).join(", ");
  return all > some.length ? `${named}, ${segmentWords.file_and(all - some.length)}` : named;
};

// What a file has, in numbers with samples; the same numbers that the server will say.
export function FileFindings({ read, mode }: { read: ListAnswer; mode: UploadMode }) {
  const groups: [string, Sample][] =
    mode === "remove"
      ? [
          [segmentWords.file_removed, read.there],
          [segmentWords.file_not_there, read.added],
          [segmentWords.file_twice, read.twice],
        ]
      : [
          [segmentWords.file_added, read.added],
          [segmentWords.file_there, read.there],
          [segmentWords.file_twice, read.twice],
          [segmentWords.file_other, read.inOther],
          ...(mode === "replace"
            ? [[segmentWords.file_goes, { count: read.leaving, some: [] }] as [string, Sample]]
            : []),
        ];
  return (
    <>
      <dl className={styles.groups}>
        {groups.map(([label, found]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd className={styles.number}>{count(found.count)}</dd>
            <dd>{found.some.length > 0 && shown(found)}</dd>
          </Fragment>
        ))}
      </dl>
      {read.emptyCells > 0 && <p>{segmentWords.file_empty_cells(read.emptyCells)}</p>}
      {mode === "add" && read.overLimit > 0 && <FormError>{segmentWords.file_over(read.overLimit)}</FormError>}
      {read.faulty.count > 0 && (
        <FormError>
          {segmentWords.file_faulty}: {count(read.faulty.count)}.{" "}
          {read.faulty.some.map(({ line, detail }) => `${segmentWords.file_line(line)}: ${detail}`).join("; ")}
          {". "}
          {segmentWords.file_faulty_note}
        </FormError>
      )}
    </>
  );
}
