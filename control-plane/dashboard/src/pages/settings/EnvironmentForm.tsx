import type { Tagged } from "../../api/client";
import type { Environment } from "../../api/queries/projects";
import { type EnvPlace, saveEnvironment } from "../../api/queries/settings";
import { EditForm } from "../../parts/EditForm";
import { useEdit } from "../../parts/use_edit";
import { environmentWords as texts } from "../../text/en/environments";
import { Choice } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import { Switch } from "../../ui/Switch";

interface FormProps {
  place: EnvPlace;
  given: Tagged<Environment>;
  isReadOnly: boolean;
}

const fields = {
  name: texts.name,
  description: texts.description,
  order: texts.order,
  colour: texts.colour,
  protected: texts.protected,
  confirmation: texts.confirmation,
  comment_required: texts.comment,
};

export function EnvironmentForm({ place: { org, project, env }, given, isReadOnly }: FormProps) {
  const place = { org, project, env };
  const edit = useEdit<Environment>(`${org}/${project}/${env}`, given, (changes, etag) =>
    saveEnvironment(place, changes, etag),
  );
  const { value, set, attempt } = edit;
  const at = (name: string) => ({ error: attempt.at(`/${name}`), isReadOnly });
  return (
    <EditForm edit={edit} fields={fields} saved={texts.saved(env)}>
      <Field label={texts.name} value={value.name} onChange={(name) => set({ name })} {...at("name")} />
      <Field
        label={texts.description}
        rows={2}
        value={value.description}
        onChange={(description) => set({ description })}
        {...at("description")}
      />
      <Field
        label={texts.order}
        hint={texts.order_hint}
        inputMode="numeric"
        value={String(value.order)}
        onChange={(text) => set({ order: (/^\d+$/.test(text) ? Number(text) : text) as number })}
        {...at("order")}
      />
      <Field
        label={texts.colour}
        hint={texts.colour_hint}
        isCode
        value={value.colour}
        onChange={(colour) => set({ colour })}
        {...at("colour")}
      />
      <Switch isOn={value.protected} onChange={(isOn) => set({ protected: isOn })} isDisabled={isReadOnly}>
        {texts.protected}
      </Switch>
      <p>{texts.protected_detail}</p>
      <Choice
        label={texts.confirmation}
        value={value.confirmation}
        onChange={(confirmation) => isReadOnly || set({ confirmation })}
        options={[
          { id: "none", label: texts.confirmation_none },
          { id: "confirm", label: texts.confirmation_confirm },
          { id: "type", label: texts.confirmation_type },
        ]}
      />
      <Switch
        isOn={value.comment_required}
        onChange={(isOn) => set({ comment_required: isOn })}
        isDisabled={isReadOnly}
      >
        {texts.comment}
      </Switch>
    </EditForm>
  );
}
