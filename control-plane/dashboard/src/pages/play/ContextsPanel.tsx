import { useState } from "react";
import type { Place } from "../../api/queries/flags";
import { readSavedContext } from "../../api/queries/saved_contexts";
import type { ContextForm } from "../../model/index";
import { Buttons, Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { playWords } from "../../text/en/play";
import { Button } from "../../ui/Button";
import { Field, FormError } from "../../ui/Field";
import { FileField } from "../../ui/FileField";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { GenerateDialog } from "./GenerateDialog";
import styles from "./Play.module.css";
import { SavedContexts } from "./SavedContexts";
import type { ContextsState } from "./use_contexts";

const forms: readonly (ContextForm | "auto")[] = ["auto", "keys", "json", "ndjson", "table"];
const shown = 5;

// Where contexts come from: typed or pasted, a file, saved ones, or ranges.
export function ContextsPanel({ place, state }: { place: Place; state: ContextsState }) {
  const { text, setText, form, setForm, source, setSource, read, texts, isInAddress } = state;
  const [isGenerating, setGenerating] = useState(false);
  const errors = "errors" in read ? read.errors : [];
  const take = async (id: string) => {
    try {
      const added = await readSavedContext(place, id);
      setSource(undefined);
      setForm("auto");
      setText(text.trim() === "" ? added : `${text.trimEnd()}\n${added}`);
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  const open = async (file: File | undefined) => {
    if (file) setSource({ name: file.name, text: await file.text() });
  };
  return (
    <div className={styles.contexts}>
      {source ? (
        <p>
          {source.name === "" ? playWords.from_ranges(texts.length) : playWords.from_file(source.name, texts.length)}{" "}
          <Button kind="quiet" onPress={() => setSource(undefined)}>
            {playWords.drop}
          </Button>
        </p>
      ) : (
        <Field
          label={playWords.contexts}
          hint={playWords.contexts_hint}
          isCode
          rows={6}
          value={text}
          onChange={setText}
          placeholder={playWords.contexts_placeholder}
        />
      )}
      {errors.length > 0 && (
        <FormError>
          {errors
            .slice(0, shown)
            .map(({ line, detail }) => playWords.at_line(line, detail))
            .join("; ")}
        </FormError>
      )}
      <div className={styles.sources}>
        {!source && (
          <Select
            label={playWords.form}
            value={form}
            options={forms.map((id) => ({ id, label: playWords.forms[id] }))}
            onChange={(id) => setForm(id as ContextForm | "auto")}
          />
        )}
        <FileField label={playWords.file} accept=".json,.ndjson,.csv,.tsv,.txt" onChange={(file) => void open(file)} />
      </div>
      <Buttons>
        <SavedContexts place={place} texts={texts} onTake={(id) => void take(id)} />
        <Button onPress={() => setGenerating(true)}>{playWords.generate}</Button>
        <Muted>{playWords.n_contexts(texts.length)}</Muted>
      </Buttons>
      {!isInAddress && <Muted>{playWords.too_long_link}</Muted>}
      {isGenerating && (
        <GenerateDialog
          onClose={() => setGenerating(false)}
          onMade={(made) => {
            setSource({ name: "", text: made, form: "ndjson" });
            setGenerating(false);
          }}
        />
      )}
    </div>
  );
}
