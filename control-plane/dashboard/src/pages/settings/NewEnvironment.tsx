import { useState } from "react";
import type { Environment } from "../../api/queries/projects";
import { createEnvironment } from "../../api/queries/settings";
import { keyOf } from "../../parts/key_of";
import { Buttons } from "../../parts/PageHead";
import { useGo } from "../../parts/page";
import { useAttempt } from "../../parts/use_attempt";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { environmentWords as texts } from "../../text/en/environments";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";

interface NewProps {
  org: string;
  project: string;
  environments: readonly Environment[];
  onClose: () => void;
}

const nothing = "-"; // no key

export function NewEnvironment({ org, project, environments, onClose }: NewProps) {
  const go = useGo();
  const attempt = useAttempt();
  const [name, setName] = useState("");
  const [key, setKey] = useState<string>(); // once it is not that of the name
  const [isProtected, setProtected] = useState(false);
  const [copyOf, setCopyOf] = useState(nothing);
  const create = () =>
    attempt.run(async (intention) => {
      const copy = copyOf === nothing ? {} : { copy_of: copyOf };
      const given = { key: key ?? keyOf(name), name, protected: isProtected, ...copy };
      const made = await createEnvironment({ org, project }, given, intention);
      toast(texts.created(made.name || made.key));
      go(paths.environment(org, project, made.key, "keys"));
    });
  const problem = attempt.apartFrom(["/key", "/name", "/copy_of"]);
  const options = [
    { id: nothing, label: texts.copy_none },
    ...environments.map((env) => ({ id: env.key, label: env.name || env.key })),
  ];
  return (
    <Dialog title={texts.new} isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void create()}>
        <Field label={texts.name} value={name} onChange={setName} error={attempt.at("/name")} autoFocus />
        <Field
          label={texts.key}
          hint={texts.key_hint}
          isCode
          value={key ?? keyOf(name)}
          onChange={setKey}
          error={attempt.at("/key")}
        />
        <Select
          label={texts.copy_of}
          options={options}
          value={copyOf}
          onChange={setCopyOf}
          error={attempt.at("/copy_of")}
        />
        <Switch isOn={isProtected} onChange={setProtected}>
          {texts.protected}
        </Switch>
        {problem && <FormError>{problem}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isPending={attempt.isBusy}>
            {texts.create}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
