import { useQuery } from "@tanstack/react-query";
import type { FlagEntry } from "../../api/queries/flag_index";
import { requestsQuery } from "../../api/queries/requests";
import { isUnderWay, rolloutsQuery } from "../../api/queries/rollouts";
import { keptDrafts } from "../../parts/draft/store";
import { Link } from "../../parts/Link";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useKeys } from "../../parts/page";
import { usePeople } from "../../parts/people";
import { usePlacePaths } from "../../parts/resource_paths";
import { useMe } from "../../parts/session";
import { paths } from "../../paths";
import { homeWords } from "../../text/en/home";
import { requestWords } from "../../text/en/requests";
import { rolloutWords } from "../../text/en/schedules";
import { ago } from "../../text/format";
import { Status } from "../../ui/Status";
import { percentText, statusOf } from "../rollouts/stairs";

interface NeedsMeProps {
  // Of the project.
  envs: readonly string[];
  flags: readonly FlagEntry[];
}

const shown = 8;

// What waits for the person, in a project, or in the whole organisation where the address names none: requests to review, drafts of their own, rollouts under way, stale flags that they own.
export function NeedsMe({ envs, flags }: NeedsMeProps) {
  const { org, project } = useKeys();
  const me = useMe()?.user;
  const nameOf = usePeople(org);
  const pathOf = usePlacePaths(org);
  const requests = useQuery(requestsQuery(org, "open", "reviewer"));
  const rollouts = useQuery(rolloutsQuery({ org, project }, envs));
  const drafts = useQuery({
    queryKey: ["drafts", me?.id ?? "", org],
    queryFn: () => keptDrafts(me?.id ?? "", org),
    enabled: me !== undefined,
    staleTime: 0,
  });
  const failed = [requests, rollouts].find((query) => query.isError && query.data === undefined);
  const toReview = (requests.data ?? []).filter((placed) => project === "" || placed.project === project);
  const own = (drafts.data ?? []).filter((resource) => project === "" || resource.startsWith(`projects/${project}/`));
  const underWay = (rollouts.data ?? []).filter(({ rollout }) => isUnderWay(rollout.state));
  const stale = flags.filter((flag) => flag.stale.length > 0 && flag.owner !== "" && flag.owner === me?.email);
  const isNothing = toReview.length + own.length + underWay.length + stale.length === 0;
  if (isNothing && !failed) {
    const isRead = [requests, drafts].every((query) => !query.isPending) && (envs.length === 0 || !rollouts.isPending);
    return <Section title={homeWords.needs_me}>{isRead && <Muted>{homeWords.needs_nothing}</Muted>}</Section>;
  }
  return (
    <Section title={homeWords.needs_me}>
      {failed && <Problem error={failed.error} onRetry={() => void failed.refetch()} />}
      {!isNothing && (
        <Lines label={homeWords.needs_me}>
          {toReview.slice(0, shown).map(({ project: where, environment, request }) => (
            <Line key={request.id} end={<Status kind="needs_approval" text={homeWords.to_review} />}>
              <Link to={paths.request(org, where, request.id, environment)}>{request.title}</Link>
              <Muted>
                {requestWords.in_env(where, environment)} ·{" "}
                {requestWords.by(nameOf(request.author.id), ago(request.created_at))}
              </Muted>
            </Line>
          ))}
          {own.slice(0, shown).map((resource) => (
            <Line key={resource} end={<Status kind="draft" text={homeWords.draft} />}>
              <Draft resource={resource} path={pathOf(resource)} />
            </Line>
          ))}
          {underWay.slice(0, shown).map(({ env, rollout }) => (
            <Line
              key={rollout.id}
              end={<Status kind={statusOf[rollout.state]} text={rolloutWords.states[rollout.state]} />}
            >
              <Link to={paths.rollout(org, project, rollout.id, env)}>{rolloutWords.of(rollout.flag, env)}</Link>
              <Muted>
                {rolloutWords.to(rollout.to, percentText(rollout.share))} ·{" "}
                {rolloutWords.step_of(rollout.step, rollout.steps.length)}
                {rollout.detail && ` · ${rollout.detail}`}
              </Muted>
            </Line>
          ))}
          {stale.length > 0 && (
            <Line end={<Status kind="stale" />}>
              <Link to={paths.flags(org, project, "?owner=me&q=stale:yes")}>{homeWords.stale_own(stale.length)}</Link>
            </Line>
          )}
          {toReview.length > shown && (
            <Line>
              <Link to={paths.orgPart(org, "requests?mine=reviewer")}>{homeWords.more_requests(toReview.length)}</Link>
            </Line>
          )}
        </Lines>
      )}
    </Section>
  );
}

// "checkout in production": as people name it, not as the audit log does.
function Draft({ resource, path }: { resource: string; path: string | undefined }) {
  const [, project = "", list, key = "", , env] = resource.split("/");
  const { org } = useKeys();
  const text = env === undefined ? homeWords.draft_definition(key) : homeWords.draft_in(key, env);
  const to = list === "flags" && env === undefined ? paths.flagPart(org, project, key, "definition") : path;
  return to === undefined ? <span>{text}</span> : <Link to={to}>{text}</Link>;
}
