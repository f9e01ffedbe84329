import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { Link } from "../../parts/Link";
import { lastProject } from "../../parts/last_project";
import { Line, Lines, Muted, PageBody, PageHead } from "../../parts/PageHead";
import { useGo } from "../../parts/page";
import { useMe, usePreferences } from "../../parts/session";
import { paths } from "../../paths";
import { homeWords } from "../../text/en/home";
import { meWords } from "../../text/en/me";
import { Empty } from "../../ui/States";

// Where /ui/ leads: to the last project, to the only organisation, else here.
export default function Organisations() {
  const me = useMe();
  const { landing } = usePreferences();
  const go = useGo();
  const orgs = me?.orgs ?? [];
  const last = lastProject.read();
  const isLastThere = last !== undefined && orgs.some((access) => access.key === last.org);
  const only = orgs.length === 1 ? orgs[0] : undefined;
  const target =
    landing || (isLastThere ? paths.project(last.org, last.project) : only ? paths.org(only.key) : undefined);
  // Who goes here again before the next page has come is led on again.
  const isHere = useRouterState({ select: ({ location }) => location.pathname === paths.organisations() });
  useEffect(() => {
    if (target && isHere) go(target, true);
  }, [target, isHere, go]);
  if (target) return null;
  if (orgs.length === 0) {
    return (
      <PageBody>
        <Empty title={homeWords.no_organisations} detail={homeWords.no_organisations_detail} />
      </PageBody>
    );
  }
  return (
    <>
      <PageHead title={homeWords.organisations} />
      <PageBody isNarrow>
        <Lines label={homeWords.organisations}>
          {orgs.map((access) => (
            <Line key={access.key} end={<Muted>{meWords.role(access.role)}</Muted>}>
              <Link to={paths.org(access.key)}>{access.name || access.key}</Link>
            </Line>
          ))}
        </Lines>
      </PageBody>
    </>
  );
}
