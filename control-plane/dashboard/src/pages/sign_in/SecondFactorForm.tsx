import type { Tagged } from "../../api/client";
import { type SignInSettings, saveSignIn } from "../../api/queries/organisation";
import { EditForm } from "../../parts/EditForm";
import { useEdit } from "../../parts/use_edit";
import { organisationWords as texts } from "../../text/en/organisation";
import { Choice } from "../../ui/Choice";

export function SecondFactorForm({ org, given }: { org: string; given: Tagged<SignInSettings> }) {
  const edit = useEdit<SignInSettings>(`${org}/sign-in`, given, (changes, etag) =>
    saveSignIn(org, { ...given.value, ...changes }, etag),
  );
  return (
    <EditForm edit={edit} fields={{ second_factor: texts.second_factor }} pointers={[]} saved={texts.saved}>
      <Choice
        label={texts.second_factor}
        value={edit.value.second_factor}
        onChange={(second_factor) => edit.set({ second_factor })}
        options={[
          { id: "optional", label: texts.optional },
          { id: "required", label: texts.required },
        ]}
      />
    </EditForm>
  );
}
