import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Place } from "../../api/queries/flags";
import { lifecycleSettingsQuery } from "../../api/queries/lifecycle";
import { Buttons, Muted } from "../../parts/PageHead";
import { cleanupWords } from "../../text/en/cleanup";
import { Button } from "../../ui/Button";
import { ThresholdsDialog } from "./ThresholdsDialog";

// When a flag is said to be done with.
export function Thresholds({ place, mayEdit }: { place: Place; mayEdit: boolean }) {
  const settings = useQuery(lifecycleSettingsQuery(place)).data;
  const [isOpen, setOpen] = useState(false);
  if (!settings) return null;
  return (
    <Buttons>
      <Muted>{cleanupWords.settings_said(settings.value.constant_days, settings.value.unused_days)}</Muted>
      {mayEdit && <Button onPress={() => setOpen(true)}>{cleanupWords.settings}</Button>}
      {isOpen && (
        <ThresholdsDialog place={place} settings={settings.value} etag={settings.etag} onClose={() => setOpen(false)} />
      )}
    </Buttons>
  );
}
