import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { apiUrl } from "../../api/base";
import { projectsQuery } from "../../api/queries/projects";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { RecentChanges } from "../../parts/RecentChanges";
import { accessTo, useMay, useMe } from "../../parts/session";
import { paths } from "../../paths";
import { homeWords } from "../../text/en/home";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { NeedsMe } from "./NeedsMe";
import { NewProject } from "./NewProject";

const nothing: readonly never[] = [];

export default function OrgHome() {
  const { org } = useKeys();
  const me = useMe();
  const may = useMay();
  const projects = useQuery(projectsQuery(org));
  const [isNew, setNew] = useState(false);
  const create = may("manage_projects", org) && (
    <Button kind="primary" icon="add" onPress={() => setNew(true)}>
      {homeWords.project_new}
    </Button>
  );
  return (
    <>
      <PageHead title={accessTo(me, org)?.name || org} actions={(projects.data?.length ?? 0) > 0 && create} />
      <PageBody>
        <Load query={projects} rows={3}>
          {(list) =>
            list.length === 0 ? (
              <Empty
                title={homeWords.no_projects}
                detail={homeWords.no_projects_detail}
                actions={create}
                curl={`curl -X POST ${apiUrl(`/orgs/${org}/projects`)} \\\n  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\\n  -d '{"key":"web","name":"Web"}'`}
              />
            ) : (
              <Section title={homeWords.projects}>
                <Lines label={homeWords.projects}>
                  {list.map((project) => (
                    <Line key={project.key} end={<code>{project.key}</code>}>
                      <Link to={paths.project(org, project.key)}>{project.name || project.key}</Link>
                      {project.description && <Muted>{project.description}</Muted>}
                    </Line>
                  ))}
                </Lines>
              </Section>
            )
          }
        </Load>
        {(projects.data?.length ?? 0) > 0 && <NeedsMe envs={nothing} flags={nothing} />}
        <RecentChanges org={org} />
      </PageBody>
      {isNew && <NewProject org={org} onClose={() => setNew(false)} />}
    </>
  );
}
