import { useState } from "react";
import { isProblem } from "../../api/errors";
import type { Place } from "../../api/queries/flags";
import { saveView } from "../../api/queries/views";
import { Buttons, Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { losesColumns, viewColumns, viewFilter, viewSort } from "./view_filter";

interface SaveViewProps {
  place: Place;
  text: string;
  order: string;
  columns: readonly string[];
  onClose: () => void;
}

export default function SaveView({ place, text, order, columns, onClose }: SaveViewProps) {
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const [error, setError] = useState<unknown>();
  const kept = viewFilter(text);
  const sort = viewSort(order);
  const atName = isProblem(error) ? error.at("/name") : undefined;
  const save = async () => {
    if ("unsavable" in kept) return;
    try {
      await saveView(place, { name, shared: isShared, ...kept, sort: sort ?? "key", columns: viewColumns(columns) });
      toast(flagsWords.view_saved(name));
      onClose();
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <Dialog title={flagsWords.view_save} isOpen onClose={onClose}>
      <Form onSubmit={() => void save()}>
        <Field label={flagsWords.view_name} value={name} onChange={setName} error={atName} autoFocus />
        <Switch isOn={isShared} onChange={setShared}>
          {flagsWords.view_shared}
        </Switch>
        {"unsavable" in kept && <FormError>{flagsWords.view_unsavable(kept.unsavable)}</FormError>}
        {losesColumns(columns) && <Muted>{flagsWords.view_no_sparks}</Muted>}
        {sort === undefined && <Muted>{flagsWords.view_unsorted}</Muted>}
        {error !== undefined && !atName && <FormError>{problemText(error)}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={"unsavable" in kept}>
            {words.save}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
