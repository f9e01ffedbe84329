import type { ReactNode } from "react";
import { isProblem } from "../api/errors";
import { words } from "../text/en";
import { environmentWords } from "../text/en/environments";
import { Button } from "../ui/Button";
import { Form, FormError } from "../ui/Field";
import { Banner } from "../ui/States";
import { toast } from "../ui/toasts";
import { Buttons } from "./PageHead";
import type { Edit } from "./use_edit";

interface EditFormProps<T> {
  edit: Edit<T>;
  fields: Partial<Record<keyof T & string, string>>; // those that the form has, and how they are labelled
  pointers?: readonly string[];
  isDirtyToo?: boolean; // something that is not kept with the rest has been typed
  saved: string; // what is said then
  children: ReactNode;
}

// The frame of a form that saves: what others have changed meanwhile, what the server says of no field, and Save.
export function EditForm<T extends object>(props: EditFormProps<T>) {
  const { edit, fields, pointers, isDirtyToo = false, saved, children } = props;
  const { attempt, conflict } = edit;
  const shown = pointers ?? Object.keys(fields).map((name) => `/${name}`);
  const problem = isProblem(attempt.error, 412) ? undefined : attempt.apartFrom(shown);
  const save = async (how: () => Promise<boolean>) => {
    if (await how()) toast(saved);
  };
  return (
    <Form onSubmit={() => void save(edit.save)}>
      {children}
      {conflict && (
        <Banner tone="stale">
          <span>{environmentWords.conflict}</span>
          <span>{differences(edit.base, conflict.value, fields).join("; ") || environmentWords.conflict_same}</span>
          <Button onPress={edit.takeTheirs}>{environmentWords.take_theirs}</Button>
          <Button onPress={() => void save(edit.overwrite)} isPending={attempt.isBusy}>
            {environmentWords.overwrite}
          </Button>
        </Banner>
      )}
      {problem && <FormError>{problem}</FormError>}
      <Buttons>
        <Button
          kind="primary"
          type="submit"
          isPending={attempt.isBusy}
          isDisabled={!(edit.isDirty || isDirtyToo) || !!conflict}
        >
          {words.save}
        </Button>
        {edit.isDirty && !conflict && <Button onPress={edit.takeTheirs}>{words.cancel}</Button>}
      </Buttons>
    </Form>
  );
}

function differences<T extends object>(before: T, now: T, fields: Partial<Record<keyof T & string, string>>): string[] {
  return (Object.entries(fields) as [keyof T & string, string][])
    .filter(([name]) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
    .map(([name, label]) => environmentWords.conflict_at(label, written(now[name])));
}

const written = (value: unknown): string => (typeof value === "string" ? `"${value}"` : JSON.stringify(value));
