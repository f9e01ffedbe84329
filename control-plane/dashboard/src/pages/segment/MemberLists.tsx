import { Suspense, useMemo, useState } from "react";
import type { Environment } from "../../api/queries/projects";
import type { ListName, ListPlace, SegmentBody, SegmentPlace } from "../../api/queries/segments";
import { defaultAttribute, type ValueList } from "../../model/index";
import { Buttons, Section } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import type { Reviewed } from "../../parts/ReviewSheet";
import { useMay } from "../../parts/session";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { later } from "../../ui/later";
import { ComboBox } from "../../ui/Select";
import { PasteDialog } from "./PasteDialog";
import { membersReview } from "./review";
import styles from "./Segment.module.css";
import { schema } from "./search";
import { ValueTable } from "./ValueTable";

const FileDialog = later(() => import("./FileDialog"));
const ReviewSheet = later(() => import("../../parts/ReviewSheet"));

interface MemberListsProps {
  place: SegmentPlace;
  environment: Environment | undefined;
  env: string;
  body: SegmentBody;
  etag: string;
}

// One of the lists of a segment in an environment, and everything that changes it.
export function MemberLists({ place, environment, env, body, etag }: MemberListsProps) {
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const list: ListName = search.list ?? "included";
  const attribute = search.attribute ?? defaultAttribute;
  const may = useMay();
  const mayEdit = may(environment?.protected ? "edit_protected" : "edit", place.org, place.project, env);
  const [open, setOpen] = useState<"add" | "remove" | "file">();
  const [reviewed, setReviewed] = useState<Reviewed>();
  const [typed, setTyped] = useState(attribute);
  const listPlace: ListPlace = useMemo(() => ({ ...place, env, list, attribute }), [place, env, list, attribute]);
  const valuesOf = (name: ListName) =>
    (body[name] as unknown as readonly ValueList[])
      .filter((one) => one.attribute === attribute)
      .flatMap((one) => one.values);
  const attributes = [
    ...new Set([
      defaultAttribute,
      ...([...body.included, ...body.excluded] as unknown as readonly ValueList[]).map((one) => one.attribute),
    ]),
  ];
  const listName = list === "included" ? segmentWords.included : segmentWords.excluded;
  const change = (verb: "add" | "remove", values: readonly string[]) => {
    setOpen(undefined);
    setReviewed(
      membersReview({
        place: listPlace,
        environment,
        etag,
        mayPublish: mayEdit,
        verb,
        values,
        present: valuesOf(list),
        listName,
      }),
    );
  };
  const choose = (name: string) => setSearch({ attribute: name === defaultAttribute ? undefined : name });
  return (
    <Section
      title={segmentWords.members}
      detail={list === "included" ? segmentWords.included_detail : segmentWords.excluded_detail}
      actions={
        mayEdit && (
          <Buttons>
            <Button icon="add" onPress={() => setOpen("add")}>
              {segmentWords.add}
            </Button>
            <Button onPress={() => setOpen("remove")}>{segmentWords.remove}</Button>
            <Button onPress={() => setOpen("file")}>{segmentWords.file}</Button>
          </Buttons>
        )
      }
    >
      <div className={styles.tools}>
        <Choice
          label={segmentWords.list}
          value={list}
          options={[
            { id: "included", label: segmentWords.included },
            { id: "excluded", label: segmentWords.excluded },
          ]}
          onChange={(id) => setSearch({ list: id === "included" ? undefined : id })}
        />
        <ComboBox
          label={segmentWords.attribute}
          options={attributes.map((id) => ({ id, label: id }))}
          value={attribute}
          input={typed}
          onInput={setTyped}
          onChange={(id) => choose(id ?? (typed.trim() || defaultAttribute))}
          isFree
        />
      </div>
      <ValueTable
        place={listPlace}
        q={search.q ?? ""}
        onQuery={(q) => setSearch({ q: q || undefined })}
        onRemove={mayEdit ? (values) => change("remove", values) : undefined}
      />
      {(open === "add" || open === "remove") && (
        <PasteDialog
          verb={open}
          list={listName}
          onClose={() => setOpen(undefined)}
          onReview={(values) => change(open, values)}
        />
      )}
      <Suspense>
        {open === "file" && (
          <FileDialog
            place={listPlace}
            environment={environment}
            listName={listName}
            present={valuesOf(list)}
            other={valuesOf(list === "included" ? "excluded" : "included")}
            etag={etag}
            mayPublish={mayEdit}
            onClose={() => setOpen(undefined)}
            onReview={(made) => {
              setOpen(undefined);
              setReviewed(made);
            }}
          />
        )}
        {reviewed && (
          <ReviewSheet
            reviewed={reviewed}
            onClose={() => setReviewed(undefined)}
            onDone={() => setReviewed(undefined)}
          />
        )}
      </Suspense>
    </Section>
  );
}
