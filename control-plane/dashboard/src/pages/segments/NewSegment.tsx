import { useRef, useState } from "react";
import { newIdempotencyKey } from "../../api/client";
import { isProblem } from "../../api/errors";
import { createSegment, type NewSegment as Given } from "../../api/queries/segments";
import { keyOf } from "../../parts/key_of";
import { Buttons, PageBody, PageHead } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { Field, Form, FormError } from "../../ui/Field";
import { Denied } from "../../ui/States";
import { SegmentFields } from "./SegmentFields";

import { newSchema } from "./search";

const shownAt = ["/key", "/name", "/description", "/tags", "/owner"];

export default function NewSegment() {
  const place = useKeys();
  const go = useGo();
  const may = useMay();
  const attempt = useRef(newIdempotencyKey());
  const { name = "" } = usePageSearch(newSchema);
  const [segment, setSegment] = useState<Given>({ key: keyOf(name), name });
  const [isOwnKey, setOwnKey] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  if (!may("edit", place.org, place.project))
    return (
      <PageBody>
        <Denied permission={segmentWords.denied} />
      </PageBody>
    );
  const problem = isProblem(error) ? error : undefined;
  const other = problem ? problem.apartFrom(shownAt) : error === undefined ? undefined : problemText(error);
  const set = (changes: Partial<Given>) => {
    attempt.current = newIdempotencyKey(); // another segment is another intention
    setSegment({ ...segment, ...changes });
  };
  const create = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const made = await createSegment(place, segment, attempt.current);
      go(paths.segment(place.org, place.project, made.key));
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <>
      <PageHead title={segmentWords.create_title} detail={segmentWords.create_detail} />
      <PageBody isNarrow>
        <Form onSubmit={() => void create()}>
          <Field
            label={segmentWords.name}
            value={segment.name ?? ""}
            onChange={(name) => set(isOwnKey ? { name } : { name, key: keyOf(name) })}
            error={problem?.at("/name")}
            autoFocus
          />
          <Field
            label={segmentWords.key}
            hint={segmentWords.key_hint}
            isCode
            value={segment.key}
            onChange={(key) => {
              setOwnKey(key !== "");
              set({ key });
            }}
            error={problem?.at("/key")}
          />
          <SegmentFields
            segment={{ name: "", description: "", tags: [], owner: "", client: false, ...segment }}
            onChange={(changes) => set(changes as Partial<Given>)}
            errorAt={(pointer) => problem?.at(pointer)}
            isNamed
          />
          {other && <FormError>{other}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={isBusy}>
              {segmentWords.create_do}
            </Button>
            <Button onPress={() => go(paths.segments(place.org, place.project))}>{words.cancel}</Button>
          </Buttons>
        </Form>
      </PageBody>
    </>
  );
}
