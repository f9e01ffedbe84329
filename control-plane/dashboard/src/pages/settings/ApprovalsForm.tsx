import type { Tagged } from "../../api/client";
import { type Approvals, type EnvPlace, saveApprovals } from "../../api/queries/settings";
import { EditForm } from "../../parts/EditForm";
import { useEdit } from "../../parts/use_edit";
import { environmentWords as texts } from "../../text/en/environments";
import { Field } from "../../ui/Field";

interface FormProps {
  place: EnvPlace;
  given: Tagged<Approvals>;
  isReadOnly: boolean;
}

export function ApprovalsForm({ place: { org, project, env }, given, isReadOnly }: FormProps) {
  const place = { org, project, env };
  const edit = useEdit<Approvals>(`${org}/${project}/${env}/approvals`, given, (changes, etag) =>
    saveApprovals(place, { required: changes.required ?? given.value.required }, etag),
  );
  return (
    <EditForm edit={edit} fields={{ required: texts.approvals_required }} saved={texts.saved(texts.approvals)}>
      <Field
        label={texts.approvals_required}
        inputMode="numeric"
        value={String(edit.value.required)}
        onChange={(text) => edit.set({ required: (/^\d+$/.test(text) ? Number(text) : text) as number })}
        error={edit.attempt.at("/required")}
        isReadOnly={isReadOnly}
      />
    </EditForm>
  );
}
