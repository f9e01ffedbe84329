import { useEffect, useState } from "react";
import { newIdempotencyKey } from "../../api/client";
import type { Environment } from "../../api/queries/projects";
import { forgetUpload, previewUpload, type UploadMode, upload } from "../../api/queries/segment_uploads";
import type { ListPlace } from "../../api/queries/segments";
import type { ListFile } from "../../model/index";
import { Buttons, Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import type { Reviewed } from "../../parts/ReviewSheet";
import { words } from "../../text/en";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Form, FormError } from "../../ui/Field";
import { FileField } from "../../ui/FileField";
import { Select } from "../../ui/Select";
import { Loading } from "../../ui/States";
import { FileFindings } from "./FileFindings";
import { askList } from "./list_client";
import type { ListAnswer } from "./list_protocol";
import { uploadReview } from "./review";

interface FileDialogProps {
  place: ListPlace;
  environment: Environment | undefined;
  listName: string;
  present: readonly string[];
  other: readonly string[];
  etag: string;
  mayPublish: boolean;
  onClose: () => void;
  onReview: (reviewed: Reviewed) => void;
}

const modes: readonly UploadMode[] = ["add", "remove", "replace"];

const changesNothing = (mode: UploadMode, { added, there, leaving }: ListAnswer): boolean =>
  mode === "add" ? added.count === 0 : mode === "remove" ? there.count === 0 : added.count + leaving === 0;

// A file of values: read here, shown, then sent in parts and reviewed as one change.
export default function FileDialog(props: FileDialogProps) {
  const { place, environment, listName, present, other, etag, mayPublish, onClose, onReview } = props;
  const [file, setFile] = useState<File>();
  const [format, setFormat] = useState<ListFile["format"]>("lines");
  const [column, setColumn] = useState<string>();
  const [mode, setMode] = useState<UploadMode>("add");
  const [read, setRead] = useState<ListAnswer>();
  const [error, setError] = useState<string>();
  const [sent, setSent] = useState<number>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the lists are made anew at each drawing; `etag` says whether they differ
  useEffect(() => {
    setRead(undefined);
    setError(undefined);
    if (!file) return;
    const stop = new AbortController();
    const form: ListFile =
      format === "lines"
        ? { format }
        : { format, attribute: place.attribute, ...(column === undefined ? {} : { column }) };
    askList({ file, form, present, other }, stop.signal)
      .then((answer) => stop.signal.aborted || setRead(answer))
      .catch(() => stop.signal.aborted || setError(segmentWords.file_failed));
    return () => stop.abort();
  }, [file, format, column, place.attribute, etag]);

  const isReady =
    read !== undefined &&
    read.values > 0 &&
    read.faulty.count === 0 &&
    (mode === "remove" || read.overLimit === 0 || mode === "replace") &&
    !changesNothing(mode, read);

  const send = async () => {
    if (!isReady || sent !== undefined) return;
    setSent(0);
    setError(undefined);
    let id: string | undefined;
    try {
      id = await upload(place, read.parts, newIdempotencyKey(), setSent);
      const changes = await previewUpload({ place, upload: id, mode, etag });
      onReview(uploadReview({ place, environment, etag, mayPublish, upload: id, mode, changes, listName }));
    } catch (failed) {
      if (id !== undefined) void forgetUpload(place, id).catch(() => undefined);
      setError(problemText(failed));
      setSent(undefined);
    }
  };

  return (
    <Dialog title={segmentWords.file_title(listName)} size="wide" isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void send()}>
        <FileField
          label={segmentWords.file_choose}
          hint={segmentWords.file_hint}
          accept=".csv,.txt,text/csv,text/plain"
          onChange={(chosen) => {
            setColumn(undefined);
            setFormat(chosen?.name.toLowerCase().endsWith(".csv") ? "csv" : "lines");
            setFile(chosen);
          }}
        />
        <Choice
          label={segmentWords.file_format}
          value={format}
          options={[
            { id: "lines", label: segmentWords.file_lines },
            { id: "csv", label: segmentWords.file_csv },
          ]}
          onChange={setFormat}
        />
        {format === "csv" && read && read.columns.length > 1 && (
          <Select
            label={segmentWords.file_column}
            options={read.columns.map((name) => ({ id: name, label: name }))}
            value={column ?? null}
            onChange={setColumn}
          />
        )}
        <Choice
          label={segmentWords.file_mode}
          value={mode}
          options={modes.map((id) => ({ id, label: segmentWords.modes[id] }))}
          onChange={setMode}
        />
        {file && !read && error === undefined && <Loading rows={4} label={segmentWords.file_reading} />}
        {read && <FileFindings read={read} mode={mode} />}
        {read && changesNothing(mode, read) && <Muted>{segmentWords.file_nothing}</Muted>}
        {error && <FormError>{error}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={!isReady} isPending={sent !== undefined}>
            {segmentWords.review}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
          {sent !== undefined && read && <Muted>{segmentWords.file_sending(sent, read.parts.length)}</Muted>}
        </Buttons>
      </Form>
    </Dialog>
  );
}
