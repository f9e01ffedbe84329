import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isProblem } from "../../api/errors";
import { type FlagEntry, flagIndexQuery } from "../../api/queries/flag_index";
import { environmentsQuery, projectQuery } from "../../api/queries/projects";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { lastProject } from "../../parts/last_project";
import { Line, Lines, Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useGo, useKeys } from "../../parts/page";
import { RecentChanges } from "../../parts/RecentChanges";
import { useMay, useMe, usePreferences } from "../../parts/session";
import { versionNumber } from "../../parts/standing";
import { paths } from "../../paths";
import { homeWords } from "../../text/en/home";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { NeedsMe } from "./NeedsMe";
import { Relays } from "./Relays";

export default function ProjectHome() {
  const { org, project } = useKeys();
  const given = useQuery(projectQuery(org, project));
  const environments = useQuery(environmentsQuery(org, project));
  const index = useQuery(flagIndexQuery(org, project));
  const me = useMe();
  const may = useMay();
  const go = useGo();
  const { pins = [] } = usePreferences();
  const create = may("edit", org, project) && (
    <Button kind="primary" icon="add" onPress={() => go(paths.newFlag(org, project))}>
      {homeWords.first_flag}
    </Button>
  );
  const isGone = isProblem(given.error, 404);
  useEffect(() => {
    if (isGone) lastProject.forget();
  }, [isGone]);
  if (given.isError && given.data === undefined) {
    return (
      <PageBody>
        <Problem isPage error={given.error} onRetry={() => void given.refetch()} />
      </PageBody>
    );
  }
  const flags = index.data?.flags ?? [];
  const own = flags.filter((flag) => flag.owner !== "" && flag.owner === me?.user?.email);
  const pinned = flags.filter((flag) => pins.includes(`${org}/${project}/${flag.key}`));
  const stale = flags.filter((flag) => flag.stale.length > 0);
  return (
    <>
      <PageHead title={given.data?.name || project} detail={given.data?.description} />
      <PageBody>
        {index.data && flags.length === 0 && (
          <Empty title={homeWords.no_flags} detail={homeWords.no_flags_detail} actions={create} />
        )}
        {flags.length > 0 && <NeedsMe envs={environments.data?.map((env) => env.key) ?? []} flags={flags} />}
        <Flags title={homeWords.pins} flags={pinned} />
        <Section title={homeWords.environments}>
          <Load query={environments} rows={3}>
            {(list) => (
              <Lines label={homeWords.environments}>
                {list.map((env) => (
                  <Line
                    key={env.key}
                    end={
                      <Muted>
                        {homeWords.flags_on(
                          flags.filter((flag) => flag.environments[env.key]?.enabled).length,
                          flags.length,
                        )}
                      </Muted>
                    }
                  >
                    <span>
                      <Link to={paths.environment(org, project, env.key, "versions")}>{env.name || env.key}</Link>{" "}
                      {env.name && env.name !== env.key && <code>{env.key}</code>}{" "}
                      {env.protected && <Status kind="protected" />}
                    </span>
                    <Muted>{homeWords.version(versionNumber(env.ruleset_version ?? "0"))}</Muted>
                  </Line>
                ))}
              </Lines>
            )}
          </Load>
        </Section>
        <Relays />
        <Flags title={homeWords.mine} flags={own} />
        {stale.length > 0 && (
          <Section title={homeWords.stale_flags}>
            <Link to={paths.flags(org, project, "?q=stale:yes")}>{homeWords.stale(stale.length)}</Link>
          </Section>
        )}
        <RecentChanges org={org} project={project} />
      </PageBody>
    </>
  );
}

const shown = 8;

function Flags({ title, flags }: { title: string; flags: readonly FlagEntry[] }) {
  const { org, project } = useKeys();
  if (flags.length === 0) return null;
  return (
    <Section title={title}>
      <Lines label={title}>
        {flags.slice(0, shown).map((flag) => (
          <Line key={flag.key} end={<code>{flag.key}</code>}>
            <Link to={paths.flag(org, project, flag.key)}>{flag.name || flag.key}</Link>
          </Line>
        ))}
      </Lines>
    </Section>
  );
}
