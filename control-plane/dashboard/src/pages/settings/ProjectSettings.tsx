import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { deleteProject, projectSettingsQuery, tryDeleteProject } from "../../api/queries/settings";
import { DeleteDialog } from "../../parts/DeleteDialog";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { environmentWords as texts } from "../../text/en/environments";
import { menuWords } from "../../text/en/frame";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { NewEnvironment } from "./NewEnvironment";
import { ProjectForm } from "./ProjectForm";
import { schema } from "./search";

export default function ProjectSettings() {
  const { org, project } = useKeys();
  const may = useMay();
  const go = useGo();
  const search = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const given = useQuery(projectSettingsQuery(org, project));
  const environments = useQuery(environmentsQuery(org, project));
  const [isDeleting, setDeleting] = useState(false);
  const mayProject = may("manage_projects", org, project);
  const mayEnvironments = may("manage_environments", org, project);
  const add = mayEnvironments && (
    <Button kind="primary" icon="add" onPress={() => set({ new: "environment" })}>
      {texts.new}
    </Button>
  );
  return (
    <>
      <PageHead title={menuWords.settings} detail={given.data?.value.name || project} />
      <PageBody isNarrow>
        <Section title={texts.title} actions={add}>
          {!mayEnvironments && <WhyNot action="manage_environments" place={project} />}
          <Load query={environments} rows={3}>
            {(list) => (
              <Lines label={texts.title}>
                {list.map((env) => (
                  <Line
                    key={env.key}
                    end={<Link to={paths.environment(org, project, env.key, "keys")}>{texts.tabs.keys}</Link>}
                  >
                    <span>
                      <Link to={paths.environment(org, project, env.key, "settings")}>{env.name || env.key}</Link>{" "}
                      <code>{env.key}</code> {env.protected && <Status kind="protected" />}
                    </span>
                  </Line>
                ))}
              </Lines>
            )}
          </Load>
        </Section>
        <Section title={texts.project_general}>
          {!mayProject && <WhyNot action="manage_projects" place={project} />}
          <Load query={given} rows={2}>
            {(value) => <ProjectForm org={org} project={project} given={value} isReadOnly={!mayProject} />}
          </Load>
        </Section>
        {mayProject && (
          <Section title={texts.project_delete} detail={texts.project_delete_detail}>
            <div>
              <Button kind="danger" onPress={() => setDeleting(true)}>
                {texts.project_delete}
              </Button>
            </div>
          </Section>
        )}
      </PageBody>
      {search.new && (
        <NewEnvironment
          org={org}
          project={project}
          environments={environments.data ?? []}
          onClose={() => set({ new: undefined })}
        />
      )}
      {isDeleting && (
        <DeleteDialog
          name={project}
          action={texts.project_delete}
          detail={texts.project_delete_detail}
          onTry={() => tryDeleteProject(org, project)}
          onDelete={async () => {
            await deleteProject(org, project, given.data?.etag ?? "*");
            toast(texts.deleted(project));
            go(paths.org(org));
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
