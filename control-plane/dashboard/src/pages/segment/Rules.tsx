import { useQuery } from "@tanstack/react-query";
import { Suspense, useMemo, useRef, useState } from "react";
import type { Environment } from "../../api/queries/projects";
import { attributesQuery, segmentKeysQuery } from "../../api/queries/rule_words";
import type { SegmentBody, SegmentPlace } from "../../api/queries/segments";
import { type Condition, isSame, type Json, type SegmentMembers } from "../../model/index";
import { Buttons, Muted, Section } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import type { Reviewed } from "../../parts/ReviewSheet";
import { useMay, useMe } from "../../parts/session";
import { editorWords } from "../../text/en/editor";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { Banner, Loading } from "../../ui/States";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { RuleItem } from "./RuleItem";
import { rulesReview } from "./review";
import styles from "./Segment.module.css";
import { schema } from "./search";
import { type RulesState, settleRules, useRulesDraft } from "./use_rules_draft";

const ReviewSheet = later(() => import("../../parts/ReviewSheet"));

interface RulesProps {
  place: SegmentPlace;
  environment: Environment | undefined;
  env: string;
  body: SegmentBody;
  etag: string;
}

// The rules of a segment in an environment: a draft of them, and its review.
export function Rules({ place, environment, env, body, etag }: RulesProps) {
  const may = useMay();
  const mayPublish = may(environment?.protected ? "edit_protected" : "edit", place.org, place.project, env);
  const person = useMe()?.user?.id ?? "";
  const resource = `projects/${place.project}/segments/${place.segment}/environments/${env}`;
  const rules = body.rules as unknown as SegmentMembers["rules"];
  const state = useRulesDraft({ person, org: place.org, resource }, body.version, rules);
  const flushes = useRef(new Set<() => Promise<boolean>>());
  const latest = useRef(state);
  latest.current = state;
  const [reviewed, setReviewed] = useState<Reviewed>();
  const setSearch = useSetSearch<typeof schema>();
  const review = async () => {
    const areGood = await Promise.all([...flushes.current].map((flush) => flush()));
    await new Promise((resolve) => setTimeout(resolve)); // until what was typed last is drawn
    const now = latest.current;
    if (areGood.includes(false)) toast(editorWords.rule_mistake, { tone: "failed" });
    else if (now && !now.isEmpty)
      setReviewed(
        rulesReview({ place: { ...place, env }, environment, etag, mayPublish, state: now, version: body.version }),
      );
  };
  const add = () => setSearch({ rule: String((state?.rules.length ?? 0) + 1), as: undefined });
  return (
    <Section
      title={segmentWords.rules}
      detail={segmentWords.rules_detail}
      actions={
        mayPublish && (
          <Button icon="add" onPress={add}>
            {editorWords.add_rule}
          </Button>
        )
      }
    >
      {state ? (
        <>
          <DraftBar state={state} onReview={() => void review()} />
          <RuleList
            place={place}
            env={env}
            state={state}
            isReadOnly={!mayPublish || state.conflict !== undefined}
            onFlush={(flush) => {
              flushes.current.add(flush);
              return () => flushes.current.delete(flush);
            }}
          />
        </>
      ) : (
        <Loading rows={2} />
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

// What has been done so far, and the way to the review.
function DraftBar({ state, onReview }: { state: RulesState; onReview: () => void }) {
  const { draft, isEmpty, isKept, conflict, rebasedOn, dispatch } = state;
  if (isEmpty && draft.undone.length === 0) return null;
  return (
    <>
      {!isKept && <Banner tone="stale">{editorWords.not_kept}</Banner>}
      {rebasedOn !== undefined && <Banner tone="stale">{editorWords.on_top(rebasedOn)}</Banner>}
      {conflict && (
        <Banner tone="danger">
          {segmentWords.overlap}
          <Button onPress={() => settleRules(state, "mine")}>{segmentWords.keep_mine}</Button>
          <Button onPress={() => settleRules(state, "theirs")}>{segmentWords.take_theirs}</Button>
        </Banner>
      )}
      <Buttons>
        {!isEmpty && <Status kind="draft" text={editorWords.changes(draft.done.length)} />}
        <Button kind="quiet" isDisabled={isEmpty} onPress={() => dispatch({ type: "undo" })}>
          {editorWords.undo}
        </Button>
        <Button kind="quiet" isDisabled={draft.undone.length === 0} onPress={() => dispatch({ type: "redo" })}>
          {editorWords.redo}
        </Button>
        {!isEmpty && (
          <Button kind="quiet" onPress={() => dispatch({ type: "discard" })}>
            {editorWords.discard}
          </Button>
        )}
        <Button kind="primary" isDisabled={isEmpty || conflict !== undefined} onPress={onReview}>
          {segmentWords.rules_review}
        </Button>
      </Buttons>
    </>
  );
}

interface RuleListProps {
  place: SegmentPlace;
  env: string;
  state: RulesState;
  isReadOnly: boolean;
  onFlush: (flush: () => Promise<boolean>) => () => void;
}

function RuleList({ place, env, state, isReadOnly, onFlush }: RuleListProps) {
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const open = search.rule === undefined ? undefined : Number(search.rule) - 1;
  const isAsked = open !== undefined;
  const attributes = useQuery({ ...attributesQuery(place, env), enabled: isAsked }).data;
  const segments = useQuery({ ...segmentKeysQuery(place), enabled: isAsked }).data;
  const known = useMemo(
    () => ({ attributes: attributes ?? [], segments: (segments ?? []).filter((key) => key !== place.segment) }),
    [attributes, segments, place.segment],
  );
  const { rules, base, change } = state;
  const shown: readonly (Condition | undefined)[] =
    open === rules.length && !isReadOnly ? [...rules, undefined] : rules;
  const show = (at: number | undefined) =>
    setSearch({ rule: at === undefined ? undefined : String(at + 1), as: search.as });
  const move = (at: number, to: number) => {
    const when = rules[at];
    if (!when) return;
    change([
      { kind: "remove_rule", at },
      { kind: "add_rule", at: to, when },
    ]);
    if (open === at) show(to);
  };
  if (shown.length === 0) return <Muted>{editorWords.no_rules}</Muted>;
  return (
    <ol aria-label={segmentWords.rules} className={styles.rules}>
      {shown.map((when, at) => (
        <RuleItem
          // biome-ignore lint/suspicious/noArrayIndexKey: rules of segments have nothing but their place
          key={at}
          number={at + 1}
          of={rules.length}
          when={when}
          isChanged={when !== undefined && !isSame(when as Json, (base.rules[at]?.when ?? null) as Json)}
          isOpen={open === at}
          isReadOnly={isReadOnly}
          known={known}
          view={search.as ?? "text"}
          onView={(view) => setSearch({ as: view === "text" ? undefined : view })}
          onOpen={(isOpened) => show(isOpened ? at : undefined)}
          onFlush={onFlush}
          onChange={(next) => change([{ kind: when ? "replace_rule" : "add_rule", at, when: next }], `rule ${at}`)}
          onDuplicate={() => when && change([{ kind: "add_rule", at: at + 1, when }])}
          onMove={(step) => move(at, at + step)}
          onRemove={() => {
            change([{ kind: "remove_rule", at }]);
            if (open === at) show(undefined);
          }}
        />
      ))}
    </ol>
  );
}
