import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { exactFlagQuery } from "../../api/queries/exact";
import { type FlagEntry, flagIndexQuery } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import { environmentsQuery } from "../../api/queries/projects";
import { parseTime } from "../../model/index";
import { PageBody, PageHead, Section } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMe } from "../../parts/session";
import { colourNumber } from "../../parts/split/variation";
import { playWords } from "../../text/en/play";
import { FormError } from "../../ui/Field";
import { Empty, Loading } from "../../ui/States";
import type { ColourOf } from "./Answer";
import { Chosen } from "./Chosen";
import { ContextsPanel } from "./ContextsPanel";
import { draftsQuery, type FlagDraft, type Requested, requestedQuery } from "./drafts";
import { draftWord, readVersions, requestWord, writeVersions } from "./grid";
import styles from "./Play.module.css";
import { Results } from "./Results";
import { schema } from "./search";
import { useAnswers } from "./use_answers";
import { useContexts } from "./use_contexts";
import { type Against, useRulesets } from "./use_rulesets";

const none: readonly string[] = [];
const noFlags: readonly FlagEntry[] = [];

export default function Play() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const read = useQuery(flagIndexQuery(org, project));
  const index = read.data?.flags ?? noFlags;
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const state = useContexts();
  const wanted = search.flags?.join() ?? "";
  const flags = useMemo(() => (wanted === "" ? none : wanted.split(",")), [wanted]);
  const known = useMemo(() => new Set(index.map((flag) => flag.key)), [index]);
  const asked = useMemo(() => flags.filter((flag) => known.has(flag)), [flags, known]);
  const first = environments[0]?.key;
  const envs = search.envs ?? (first === undefined ? none : [first]);
  const versions = readVersions(search.versions ?? none, envs);
  const drafts = useQuery(draftsQuery(place, useMe()?.user?.id ?? "", asked)).data;
  const requested = useQuery(requestedQuery(place, asked)).data;
  const againsts = new Map(
    [...versions].flatMap(([env, version]) => {
      const against = againstOf(env, version, drafts, requested);
      return against ? [[env, against] as const] : [];
    }),
  );
  const now = search.now === undefined ? undefined : parseTime(search.now);
  const colourOf = useColours(place, asked);
  const { rulesets, error } = useRulesets(place, asked, envs, againsts);
  const answers = useAnswers(rulesets, asked, state.texts, now);
  const setVersion = (env: string, version: string | undefined) =>
    setSearch({ versions: writeVersions(versions, env, version) });
  return (
    <>
      <PageHead title={playWords.title} detail={playWords.detail} />
      <PageBody>
        <div className={styles.chooser}>
          <Chosen
            place={place}
            index={index}
            environments={environments}
            flags={flags}
            envs={envs}
            versions={versions}
            drafts={drafts}
            requested={requested}
            now={search.now ?? ""}
            isNowWrong={search.now !== undefined && now === undefined}
            onFlags={(next) => setSearch({ flags: next.length > 0 ? next : undefined })}
            onEnvs={(next) => setSearch({ envs: next.length > 0 ? next : undefined })}
            onVersion={setVersion}
            onNow={(text) => setSearch({ now: text || undefined })}
          />
          <ContextsPanel place={place} state={state} />
        </div>
        <Section title={playWords.results}>
          {read.isError && read.data === undefined ? (
            <Problem error={read.error} onRetry={() => void read.refetch()} />
          ) : flags.length === 0 || (read.isSuccess && asked.length === 0) ? (
            <Empty title={playWords.choose_flags} detail={playWords.choose_flags_detail} />
          ) : state.texts.length === 0 ? (
            <Empty title={playWords.no_contexts} detail={playWords.no_contexts_detail} />
          ) : (error ?? answers.error) !== undefined ? (
            <Failed error={error ?? answers.error} />
          ) : answers.answered ? (
            <Results answered={answers.answered} colourOf={colourOf} />
          ) : (
            <Loading rows={6} label={playWords.computing} />
          )}
        </Section>
      </PageBody>
    </>
  );
}

function againstOf(
  env: string,
  version: string,
  drafts: ReadonlyMap<string, readonly FlagDraft[]> | undefined,
  requested: readonly Requested[] | undefined,
): Against | undefined {
  if (version === draftWord) {
    const own = drafts?.get(env);
    return own && { drafts: own, said: playWords.explain_draft };
  }
  if (!version.startsWith(requestWord)) return { version };
  const found = requested?.find(({ id, env: where }) => where === env && version === requestWord + id);
  return found && { drafts: found.drafts, said: playWords.request(found.title) };
}

function Failed({ error }: { error: unknown }) {
  return typeof error === "string" ? <FormError>{error}</FormError> : <Problem error={error} />;
}

// A variation has the colour that it has everywhere.
function useColours(place: Place, flags: readonly string[]): ColourOf {
  const variations = useQueries({
    queries: flags.map((flag) => exactFlagQuery(place, flag)),
    combine: (found) => found.map(({ data }) => data?.variations),
  });
  const id = variations.map((each) => each?.map(({ key }) => key).join()).join(";");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the variations by their keys
  const known = useMemo(() => new Map(flags.map((flag, i) => [flag, variations[i] ?? []])), [flags, id]);
  return useCallback(
    (flag, variation) => (variation === undefined ? undefined : colourNumber(known.get(flag) ?? [], variation)),
    [known],
  );
}
