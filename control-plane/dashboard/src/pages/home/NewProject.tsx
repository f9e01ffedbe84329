import { useState } from "react";
import { isProblem } from "../../api/errors";
import { createProject } from "../../api/queries/projects";
import { keyOf } from "../../parts/key_of";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { useGo } from "../../parts/page";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { homeWords } from "../../text/en/home";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";

export function NewProject({ org, onClose }: { org: string; onClose: () => void }) {
  const go = useGo();
  const [name, setName] = useState("");
  const [key, setKey] = useState<string>(); // once it is not that of the name
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const problem = isProblem(error) ? error : undefined;
  const other = problem ? problem.apartFrom(["/key", "/name"]) : error === undefined ? undefined : problemText(error);
  const create = async () => {
    setBusy(true);
    try {
      const made = await createProject(org, { key: key ?? keyOf(name), name });
      go(paths.project(org, made.key));
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <Dialog title={homeWords.project_new} isOpen onClose={onClose}>
      <Form onSubmit={() => void create()}>
        <Field label={homeWords.project_name} value={name} onChange={setName} error={problem?.at("/name")} autoFocus />
        <Field
          label={homeWords.project_key}
          hint={homeWords.project_key_hint}
          isCode
          value={key ?? keyOf(name)}
          onChange={setKey}
          error={problem?.at("/key")}
        />
        {other && <FormError>{other}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isPending={isBusy}>
            {homeWords.project_create}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
