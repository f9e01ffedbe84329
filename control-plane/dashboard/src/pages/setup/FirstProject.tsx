import { useState } from "react";
import { isProblem } from "../../api/errors";
import { createProject } from "../../api/queries/projects";
import { keyOf } from "../../parts/key_of";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { homeWords, setupWords } from "../../text/en/home";
import { Button } from "../../ui/Button";
import { Field, Form, FormError } from "../../ui/Field";

interface FirstProjectProps {
  org: string;
  onDone: (project: string) => void;
  onLater: () => void;
}

export function FirstProject({ org, onDone, onLater }: FirstProjectProps) {
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>();
  const problem = isProblem(error) ? error : undefined;
  const create = async () => {
    try {
      onDone((await createProject(org, { key: keyOf(name), name })).key);
    } catch (failed) {
      setError(failed);
    }
  };
  const atName = problem?.at("/name") ?? problem?.at("/key");
  return (
    <Form onSubmit={() => void create()}>
      <p>{setupWords.project_detail}</p>
      <Field label={homeWords.project_name} value={name} onChange={setName} error={atName} autoFocus />
      {error !== undefined && !atName && <FormError>{problemText(error)}</FormError>}
      <Buttons>
        <Button kind="primary" type="submit">
          {homeWords.project_create}
        </Button>
        <Button kind="quiet" onPress={onLater}>
          {setupWords.later}
        </Button>
      </Buttons>
    </Form>
  );
}
