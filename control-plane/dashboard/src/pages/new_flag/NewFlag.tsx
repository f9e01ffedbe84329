import { useRef, useState } from "react";
import { newIdempotencyKey } from "../../api/client";
import { isProblem } from "../../api/errors";
import { createFlag, type Flag, type NewFlag as Given } from "../../api/queries/flags";
import { CodeSnippet } from "../../parts/CodeSnippet";
import { keyOf } from "../../parts/key_of";
import { Buttons, PageBody, PageHead, Section } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { newFlagWords } from "../../text/en/code";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Field, Form, FormError } from "../../ui/Field";
import { Denied } from "../../ui/States";
import { MoreFields } from "./MoreFields";
import { schema } from "./search";
import { Values } from "./Values";
import { firstValues, readValues, type ValueRow } from "./values";

const types = ["boolean", "string", "number", "json"] as const;
const shownAt = ["/key", "/name", "/description", "/tags", "/owner", "/lifetime", "/variations"];

export default function NewFlag() {
  const place = useKeys();
  const { name: givenName = "", key: givenKey, type: givenType } = usePageSearch(schema);
  const go = useGo();
  const may = useMay();
  const attempt = useRef(newIdempotencyKey());
  const [flag, setFlag] = useState<Given>({
    key: givenKey ?? keyOf(givenName),
    type: givenType ?? "boolean",
    name: givenName,
  });
  const [isOwnKey, setOwnKey] = useState(givenKey !== undefined);
  const [values, setValues] = useState<ValueRow[]>(() => firstValues(givenType ?? "boolean"));
  const [error, setError] = useState<unknown>();
  const [made, setMade] = useState<Flag>();
  const [isBusy, setBusy] = useState(false);
  const set = (changes: Partial<Given>) => {
    attempt.current = newIdempotencyKey(); // another flag is another intention
    setFlag({ ...flag, ...changes });
  };
  const problem = isProblem(error) ? error : undefined;
  const other = problem ? problem.apartFrom(shownAt) : error === undefined ? undefined : problemText(error);

  if (!may("edit", place.org, place.project))
    return (
      <PageBody>
        <Denied permission={newFlagWords.denied} />
      </PageBody>
    );
  if (made) return <Made flag={made} />;

  const create = async () => {
    const read = readValues(flag.type, values);
    if (isBusy || read === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      setMade(
        await createFlag(
          place,
          { ...flag, ...(flag.type === "boolean" ? {} : { variations: read as never }) },
          attempt.current,
        ),
      );
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <PageHead title={newFlagWords.title} detail={newFlagWords.detail} />
      <PageBody isNarrow>
        <Form onSubmit={() => void create()}>
          <Field
            label={newFlagWords.name}
            value={flag.name ?? ""}
            onChange={(name) => set(isOwnKey ? { name } : { name, key: keyOf(name) })}
            error={problem?.at("/name")}
            autoFocus
          />
          <Field
            label={newFlagWords.key}
            hint={newFlagWords.key_hint}
            isCode
            value={flag.key}
            onChange={(key) => {
              setOwnKey(key !== "");
              set({ key });
            }}
            error={problem?.at("/key")}
          />
          <Choice
            label={newFlagWords.type}
            value={flag.type}
            options={types.map((id) => ({ id, label: newFlagWords[id] }))}
            onChange={(type) => {
              setValues(firstValues(type));
              set({ type });
            }}
          />
          {flag.type !== "boolean" && (
            <Values type={flag.type} rows={values} onChange={setValues} error={problem?.at("/variations")} />
          )}
          <MoreFields flag={flag} onChange={set} problem={problem} />
          {other && <FormError>{other}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={isBusy}>
              {newFlagWords.create}
            </Button>
            <Button onPress={() => go(paths.flags(place.org, place.project))}>{newFlagWords.cancel}</Button>
          </Buttons>
        </Form>
      </PageBody>
    </>
  );
}

function Made({ flag }: { flag: Flag }) {
  const place = useKeys();
  const go = useGo();
  return (
    <>
      <PageHead
        title={newFlagWords.created(flag.key)}
        actions={
          <Button kind="primary" onPress={() => go(paths.flag(place.org, place.project, flag.key))}>
            {newFlagWords.open}
          </Button>
        }
      />
      <PageBody isNarrow>
        <Section title={newFlagWords.code}>
          <CodeSnippet place={place} flag={flag.key} type={flag.type} env="development" />
        </Section>
      </PageBody>
    </>
  );
}
