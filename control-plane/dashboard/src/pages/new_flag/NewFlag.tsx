import { useState } from "react";
import { createFlag, type Flag, type NewFlag as Given } from "../../api/queries/flags";
import { keyOf } from "../../parts/key_of";
import { Buttons, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useGo, useKeys, usePageSearch } from "../../parts/page";
import { Snippets } from "../../parts/Snippets";
import { useMay } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { firstVariations, readVariations } from "../../parts/variations/values";
import { paths } from "../../paths";
import { newFlagWords } from "../../text/en/code";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Field, Form, FormError } from "../../ui/Field";
import { Denied } from "../../ui/States";
import { MoreFields } from "./MoreFields";
import { schema } from "./search";
import { Values } from "./Values";

const types = ["boolean", "string", "number", "json"] as const;
const shownAt = ["/key", "/name", "/description", "/tags", "/owner", "/lifetime", "/variations"];

export default function NewFlag() {
  const place = useKeys();
  const { name: givenName = "", key: givenKey, type: givenType } = usePageSearch(schema);
  const go = useGo();
  const may = useMay();
  const attempt = useAttempt();
  const [flag, setFlag] = useState<Given>({
    key: givenKey ?? keyOf(givenName),
    type: givenType ?? "boolean",
    name: givenName,
  });
  const [isOwnKey, setOwnKey] = useState(givenKey !== undefined);
  const [values, setValues] = useState(() => firstVariations(givenType ?? "boolean"));
  const [made, setMade] = useState<Flag>();
  const set = (changes: Partial<Given>) => setFlag({ ...flag, ...changes });
  const variations = flag.type === "boolean" ? undefined : readVariations(flag.type, values);
  const other = attempt.apartFrom([
    ...shownAt,
    ...values.flatMap((_, i) => [`/variations/${i}/key`, `/variations/${i}/value`]),
  ]);

  if (!may("edit", place.org, place.project))
    return (
      <PageBody>
        <Denied permission={newFlagWords.denied} />
      </PageBody>
    );
  if (made) return <Made flag={made} />;

  const create = async () => {
    if (flag.type !== "boolean" && variations === undefined) return; // the fields say why
    await attempt.run(async (intention) => setMade(await createFlag(place, flag, intention, variations)));
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
            error={attempt.at("/name")}
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
            error={attempt.at("/key")}
          />
          <Choice
            label={newFlagWords.type}
            value={flag.type}
            options={types.map((id) => ({ id, label: newFlagWords[id] }))}
            onChange={(type) => {
              setValues(firstVariations(type));
              set({ type });
            }}
          />
          {flag.type !== "boolean" && (
            <Values
              type={flag.type}
              rows={values}
              onChange={setValues}
              at={attempt.at}
              error={attempt.at("/variations")}
            />
          )}
          <MoreFields flag={flag} onChange={set} at={attempt.at} />
          {other && <FormError>{other}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={attempt.isBusy}>
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
          <Snippets flag={flag} />
        </Section>
      </PageBody>
    </>
  );
}
