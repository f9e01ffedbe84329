import { useState } from "react";
import { isProblem } from "../../api/errors";
import type { Place } from "../../api/queries/flags";
import { type LifecycleSettings, saveLifecycleSettings } from "../../api/queries/lifecycle";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { cleanupWords } from "../../text/en/cleanup";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { toast } from "../../ui/toasts";

interface ThresholdsDialogProps {
  place: Place;
  settings: LifecycleSettings;
  etag: string;
  onClose: () => void;
}

const kinds = ["release", "experiment", "operational", "permission"] as const;
type Kind = (typeof kinds)[number];

const isDays = (text: string): boolean => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3_650;

export function ThresholdsDialog({ place, settings, etag, onClose }: ThresholdsDialogProps) {
  const [constant, setConstant] = useState(String(settings.constant_days));
  const [unused, setUnused] = useState(String(settings.unused_days));
  const [lifetimes, setLifetimes] = useState<Record<Kind, string>>(
    () =>
      Object.fromEntries(kinds.map((kind) => [kind, String(settings.lifetimes[kind] ?? "")])) as Record<Kind, string>,
  );
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const problem = isProblem(error) ? error : undefined;
  const fault = (text: string, pointer: string, isOptional = false) =>
    (isOptional && text === "") || isDays(text) ? problem?.at(pointer) : cleanupWords.number_bad;
  const isReady =
    isDays(constant) && isDays(unused) && kinds.every((kind) => lifetimes[kind] === "" || isDays(lifetimes[kind]));
  const save = async () => {
    if (!isReady || isBusy) return;
    setBusy(true);
    setError(undefined);
    const days = (text: string) => (text === "" ? null : Number(text));
    try {
      await saveLifecycleSettings(
        place,
        {
          constant_days: Number(constant),
          unused_days: Number(unused),
          lifetimes: Object.fromEntries(kinds.map((kind) => [kind, days(lifetimes[kind])])),
        },
        etag,
      );
      toast(cleanupWords.saved);
      onClose();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <Dialog title={cleanupWords.settings} isOpen onClose={onClose} isDismissable={false}>
      <Form onSubmit={() => void save()}>
        <Field
          label={cleanupWords.constant_days}
          inputMode="numeric"
          value={constant}
          onChange={setConstant}
          error={fault(constant, "/constant_days")}
        />
        <Field
          label={cleanupWords.unused_days}
          inputMode="numeric"
          value={unused}
          onChange={setUnused}
          error={fault(unused, "/unused_days")}
        />
        <h3>{cleanupWords.settings_lifetimes}</h3>
        <p>{cleanupWords.lifetime_hint}</p>
        {kinds.map((kind) => (
          <Field
            key={kind}
            label={cleanupWords.lifetimes[kind]}
            inputMode="numeric"
            value={lifetimes[kind]}
            onChange={(text) => setLifetimes({ ...lifetimes, [kind]: text })}
            error={fault(lifetimes[kind], `/lifetimes/${kind}`, true)}
          />
        ))}
        {error !== undefined && <FormError>{problemText(error)}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={!isReady} isPending={isBusy}>
            {words.save}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
