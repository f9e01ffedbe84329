import { Suspense, useMemo, useState } from "react";
import type { Environment } from "../../api/queries/projects";
import type { ListPlace, SegmentBody, SegmentPlace } from "../../api/queries/segments";
import { defaultAttribute } from "../../model/index";
import { Buttons, Section } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import type { Reviewed } from "../../parts/ReviewSheet";
import { useMay } from "../../parts/session";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { later } from "../../ui/later";
import { ComboBox } from "../../ui/Select";
import { ListChange } from "./ListChange";
import { membersReview } from "./review";
import styles from "./Segment.module.css";
import { schema } from "./search";
import { ValueTable } from "./ValueTable";

const ReviewSheet = later(() => import("../../parts/ReviewSheet"));

interface MemberListsProps {
  place: SegmentPlace;
  environment: Environment | undefined;
  env: string;
  body: SegmentBody; // without the values
  etag: string;
}

// One of the lists of a segment in an environment, and everything that changes it.
export function MemberLists({ place, environment, env, body, etag }: MemberListsProps) {
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const list = search.list ?? "included";
  const attribute = search.attribute ?? defaultAttribute;
  const may = useMay();
  const mayEdit = may(environment?.protected ? "edit_protected" : "edit", place.org, place.project, env);
  const [how, setHow] = useState<"add" | "remove" | "file">();
  const [reviewed, setReviewed] = useState<Reviewed>();
  const listPlace: ListPlace = useMemo(() => ({ ...place, env, list, attribute }), [place, env, list, attribute]);
  const remove = (values: readonly string[]) => {
    const listName = list === "included" ? segmentWords.included : segmentWords.excluded;
    const common = { place: listPlace, environment, etag, mayPublish: mayEdit, listName };
    setReviewed(membersReview({ ...common, verb: "remove", values, present: values }));
  };
  return (
    <Section
      title={segmentWords.members}
      detail={list === "included" ? segmentWords.included_detail : segmentWords.excluded_detail}
      actions={
        mayEdit && (
          <Buttons>
            <Button icon="add" onPress={() => setHow("add")}>
              {segmentWords.add}
            </Button>
            <Button onPress={() => setHow("remove")}>{segmentWords.remove}</Button>
            <Button onPress={() => setHow("file")}>{segmentWords.file}</Button>
          </Buttons>
        )
      }
    >
      <ListChooser body={body} list={list} attribute={attribute} />
      <ValueTable
        place={listPlace}
        q={search.q ?? ""}
        onQuery={(q) => setSearch({ q: q || undefined })}
        onRemove={mayEdit ? remove : undefined}
      />
      {how && (
        <ListChange
          place={listPlace}
          environment={environment}
          how={how}
          mayPublish={mayEdit}
          onClose={() => setHow(undefined)}
        />
      )}
      <Suspense>
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

interface ListChooserProps {
  body: SegmentBody;
  list: "included" | "excluded";
  attribute: string;
}

function ListChooser({ body, list, attribute }: ListChooserProps) {
  const setSearch = useSetSearch<typeof schema>();
  const [typed, setTyped] = useState(attribute);
  const lists = [...body.included, ...body.excluded] as unknown as readonly { attribute: string }[];
  const attributes = [...new Set([defaultAttribute, ...lists.map((one) => one.attribute)])];
  const choose = (name: string) => setSearch({ attribute: name === defaultAttribute ? undefined : name });
  return (
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
  );
}
