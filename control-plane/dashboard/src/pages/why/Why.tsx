import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { exactFlagQuery, rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { versionAtQuery } from "../../api/queries/versions";
import type { RulesetRef } from "../../evaluator/client";
import { type FlagDefinition, parseTime, rfc3339 } from "../../model/index";
import { Explanation } from "../../parts/Explanation";
import { decidingStep } from "../../parts/explanation";
import { useFragment } from "../../parts/fragment";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { readWall, wallText } from "../../parts/review/wall";
import { VariationName } from "../../parts/split/SplitBar";
import { TimeField } from "../../parts/TimeField";
import { useExplained } from "../../parts/use_explained";
import { useRuleset } from "../../parts/workbench";
import { paths } from "../../paths";
import { editorWords } from "../../text/en/editor";
import { whyWords } from "../../text/en/why";
import { exactTime, timeZone } from "../../text/format";
import { Field } from "../../ui/Field";
import { Banner } from "../../ui/States";
import { readContexts } from "./given";
import { schema } from "./search";

// /{org}/{project}/flags/{flag}/{env}/why#<contexts>: nothing of the contexts leaves the browser.
export default function Why() {
  const { org, project, flag: key, env } = useKeys();
  const search = usePageSearch(schema);
  const time = search.time === undefined ? undefined : parseTime(search.time);
  const place = useMemo(() => ({ org, project }), [org, project]);
  const flag = useQuery(exactFlagQuery(place, key));
  const then = useQuery(versionAtQuery(place, env, time));
  const at = search.at ?? then.data?.version;
  const ruleset = useQuery({ ...rulesetQuery(place, env, [key], at), enabled: time === undefined || at !== undefined });
  return (
    <>
      <PageHead
        title={whyWords.title(flag.data?.name || key)}
        documentTitle={whyWords.title(key)}
        detail={
          <>
            <code>{key}</code> · {env} · <Link to={paths.editor(org, project, key, env)}>{whyWords.editor}</Link>
          </>
        }
      />
      <PageBody isNarrow>
        <AtTime />
        {search.at && <Banner tone="info">{editorWords.past(search.at)}</Banner>}
        {time !== undefined && then.data && (
          <Banner tone="info">{whyWords.as_of(then.data.version, exactTime(then.data.at))}</Banner>
        )}
        {time !== undefined && then.data === null && <Banner tone="stale">{whyWords.not_kept}</Banner>}
        {then.isError && <Problem error={then.error} onRetry={() => void then.refetch()} />}
        <Load query={flag}>
          {(found) =>
            then.data !== null && (
              <Load query={ruleset}>
                {(text) => <Asked place={place} flag={found} env={env} text={text} time={time} />}
              </Load>
            )
          }
        </Load>
      </PageBody>
    </>
  );
}

// The time stands in the address; what is typed stays until it is one.
function AtTime() {
  const { time } = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const [typed, setTyped] = useState(() => (time === undefined ? "" : wallText(parseTime(time), timeZone())));
  const change = (text: string) => {
    setTyped(text);
    const read = readWall(text, timeZone());
    if (read || text.trim() === "") setSearch({ time: read && rfc3339(read.time), at: undefined });
  };
  return <TimeField label={whyWords.time} isOptional mayBePast value={typed} onChange={change} />;
}

interface AskedProps {
  place: Place;
  flag: FlagDefinition;
  env: string;
  text: string;
  time: number | undefined;
}

function Asked({ place, flag, env, text, time }: AskedProps) {
  const [given, keepTyped] = useFragment(); // the address can be sent on, and no server sees it
  const [typed, setTyped] = useState(given);
  const { ruleset, error } = useRuleset(text);
  const read = useMemo(() => readContexts(typed), [typed]);
  const type = (next: string) => {
    setTyped(next);
    keepTyped(next);
  };
  const [first] = "errors" in read ? read.errors : [];
  const isMissing = ruleset !== undefined && !ruleset.flags.includes(flag.key);
  return (
    <>
      <Field
        label={whyWords.contexts}
        hint={whyWords.contexts_hint}
        isCode
        rows={4}
        value={typed}
        onChange={type}
        autoFocus={typed === ""}
        error={first && whyWords.bad(first.line, first.detail)}
      />
      {error && (
        <Banner tone="danger">
          {whyWords.failed} {error}
        </Banner>
      )}
      {isMissing && <Banner tone="info">{whyWords.missing}</Banner>}
      {ruleset &&
        !isMissing &&
        "contexts" in read &&
        read.contexts.map((context) => (
          <One key={context} place={place} flag={flag} env={env} ruleset={ruleset} context={context} time={time} />
        ))}
    </>
  );
}

function One({
  place,
  flag,
  env,
  ruleset,
  context,
  time,
}: Omit<AskedProps, "text"> & { ruleset: RulesetRef; context: string }) {
  const { explained, error } = useExplained(ruleset, flag.key, context, time);
  const step = explained && decidingStep(explained);
  const where = step?.startsWith("rule:") ? `?rule=${encodeURIComponent(step.slice("rule:".length))}` : `?step=${step}`;
  return (
    <Section
      title={context}
      actions={
        step && (
          <Link to={`${paths.editor(place.org, place.project, flag.key, env, where)}#${encodeURIComponent(context)}`}>
            {whyWords.open_step}
          </Link>
        )
      }
    >
      {error && <Banner tone="danger">{error}</Banner>}
      {explained && (
        <>
          <p role="status">
            {whyWords.gets}{" "}
            <strong>
              {explained.variation === undefined ? (
                whyWords.own_default
              ) : (
                <VariationName variations={flag.variations} name={explained.variation} />
              )}
            </strong>{" "}
            <Muted>{whyWords.reason(explained.reason)}</Muted>
          </p>
          <Explanation explained={explained} />
        </>
      )}
    </Section>
  );
}
