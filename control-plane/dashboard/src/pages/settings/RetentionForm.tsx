import type { Tagged } from "../../api/client";
import { type Kept, type Retention, saveRetention } from "../../api/queries/organisation";
import { EditForm } from "../../parts/EditForm";
import { useEdit } from "../../parts/use_edit";
import { organisationWords as texts } from "../../text/en/organisation";
import { Field } from "../../ui/Field";

const labels = { audit: texts.retention_audit, events: texts.retention_events };

export function RetentionForm({ org, of, given }: { org: string; of: Kept; given: Tagged<Retention> }) {
  const edit = useEdit<Retention>(`${org}/${of}-retention`, given, (changes, etag) =>
    saveRetention(org, of, changes.retention_days ?? null, etag),
  );
  const { retention_days: days } = edit.value;
  // What is no number goes to the server as it was typed, which says so at the field.
  const read = (text: string) => (text === "" ? null : ((/^\d+$/.test(text) ? Number(text) : text) as number));
  return (
    <EditForm edit={edit} fields={{ retention_days: labels[of] }} saved={texts.saved}>
      <Field
        label={labels[of]}
        inputMode="numeric"
        value={days === null ? "" : String(days)}
        onChange={(text) => edit.set({ retention_days: read(text) })}
        error={edit.attempt.at("/retention_days")}
      />
    </EditForm>
  );
}
