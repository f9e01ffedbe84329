import type { Tagged } from "../../api/client";
import type { Project } from "../../api/queries/projects";
import { saveProject } from "../../api/queries/settings";
import { EditForm } from "../../parts/EditForm";
import { useEdit } from "../../parts/use_edit";
import { environmentWords as texts } from "../../text/en/environments";
import { Field } from "../../ui/Field";

interface FormProps {
  org: string;
  project: string;
  given: Tagged<Project>;
  isReadOnly: boolean;
}

export function ProjectForm({ org, project, given, isReadOnly }: FormProps) {
  const edit = useEdit<Project>(`${org}/${project}`, given, (changes, etag) =>
    saveProject(org, project, changes, etag),
  );
  const { value, set, attempt } = edit;
  const fields = { name: texts.name, description: texts.description };
  return (
    <EditForm edit={edit} fields={fields} saved={texts.saved(project)}>
      <Field
        label={texts.name}
        value={value.name}
        onChange={(name) => set({ name })}
        error={attempt.at("/name")}
        isReadOnly={isReadOnly}
      />
      <Field
        label={texts.description}
        rows={3}
        value={value.description}
        onChange={(description) => set({ description })}
        error={attempt.at("/description")}
        isReadOnly={isReadOnly}
      />
    </EditForm>
  );
}
