import { useState } from "react";
import type { Flag, NewFlag as Given } from "../../api/queries/flags";
import { cloneFlag, createFlag } from "../../api/queries/new_flag";
import { keyOf } from "../../parts/key_of";
import { Buttons, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useGo, useKeys, usePageSearch } from "../../parts/page";
import { Snippets } from "../../parts/Snippets";
import { useMay } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { firstVariations, readVariations } from "../../parts/variations/values";
import { paths } from "../../paths";
import { words } from "../../text/en";
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
  const { name: givenName = "", key: givenKey, type: givenType, from } = usePageSearch(schema);
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
  const [isTried, setTried] = useState(false);
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
    setTried(true);
    if (!from && flag.type !== "boolean" && variations === undefined) return; // the fields say why
    await attempt.run(async (intention) =>
      setMade(
        from ? await cloneFlag(place, from, flag, intention) : await createFlag(place, flag, intention, variations),
      ),
    );
  };

  return (
    <>
      <PageHead
        title={from ? newFlagWords.copy_title(from) : newFlagWords.title}
        detail={from ? newFlagWords.copy_detail : newFlagWords.detail}
      />
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
          {!from && (
            <>
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
                  isTried={isTried}
                  at={attempt.at}
                  error={attempt.at("/variations")}
                />
              )}
              <MoreFields flag={flag} onChange={set} at={attempt.at} />
            </>
          )}
          {other && <FormError>{other}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={attempt.isBusy}>
              {newFlagWords.create}
            </Button>
            <Button onPress={() => go(paths.flags(place.org, place.project))}>{words.cancel}</Button>
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
