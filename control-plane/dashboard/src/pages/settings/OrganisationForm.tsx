import type { Tagged } from "../../api/client";
import { type Org, saveOrganisation } from "../../api/queries/organisation";
import { EditForm } from "../../parts/EditForm";
import { useEdit } from "../../parts/use_edit";
import { organisationWords as texts } from "../../text/en/organisation";
import { Field } from "../../ui/Field";

export function OrganisationForm({ org, given }: { org: string; given: Tagged<Org> }) {
  const edit = useEdit<Org>(org, given, (changes, etag) => saveOrganisation(org, changes, etag));
  return (
    <EditForm edit={edit} fields={{ name: texts.name }} saved={texts.saved}>
      <Field
        label={texts.name}
        value={edit.value.name}
        onChange={(name) => edit.set({ name })}
        error={edit.attempt.at("/name")}
      />
    </EditForm>
  );
}
