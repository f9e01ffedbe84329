import type { Tagged } from "../../api/client";
import { type RoleDefinition, saveRole } from "../../api/queries/roles";
import { permissionsAt } from "../../model/index";
import { EditForm } from "../../parts/EditForm";
import { PermissionChoice } from "../../parts/PermissionChoice";
import { accessTo, useMe } from "../../parts/session";
import { useEdit } from "../../parts/use_edit";
import { roleWords as texts } from "../../text/en/roles";
import { Field } from "../../ui/Field";

const fields = { name: texts.name, description: texts.description, permissions: texts.permissions };

export function RoleForm({ org, given }: { org: string; given: Tagged<RoleDefinition> }) {
  const { key } = given.value;
  const access = accessTo(useMe(), org);
  const edit = useEdit<RoleDefinition>(`${org}/roles/${key}`, given, (changes, etag) =>
    saveRole(org, key, changes, etag),
  );
  const { value, set, attempt } = edit;
  return (
    <EditForm edit={edit} fields={fields} saved={texts.saved(value.name || key)}>
      <Field label={texts.name} value={value.name} onChange={(name) => set({ name })} error={attempt.at("/name")} />
      <Field
        label={texts.description}
        rows={2}
        value={value.description}
        onChange={(description) => set({ description })}
        error={attempt.at("/description")}
      />
      <PermissionChoice
        label={texts.permissions}
        offered={access ? permissionsAt(access, {}) : []}
        chosen={value.permissions}
        onChange={(permissions) => set({ permissions: permissions as RoleDefinition["permissions"] })}
        error={attempt.at("/permissions")}
      />
    </EditForm>
  );
}
