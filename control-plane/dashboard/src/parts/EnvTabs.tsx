import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { environmentsQuery } from "../api/queries/projects";
import { paths } from "../paths";
import { environmentWords } from "../text/en/environments";
import { Status } from "../ui/Status";
import { TabLinks } from "../ui/Tabs";
import { Link } from "./Link";
import { PageBody, PageHead } from "./PageHead";
import { Problem } from "./Problem";
import { useHasPage, useKeys } from "./page";

const sections = ["settings", "keys", "propagation", "versions"] as const;
export type EnvSection = (typeof sections)[number];

// The pages about an environment, each with an address of its own.
export function EnvTabs({ current, children }: { current: EnvSection; children: ReactNode }) {
  const { org, project, env } = useKeys();
  const hasPage = useHasPage();
  const environments = useQuery(environmentsQuery(org, project));
  const given = environments.data?.find((one) => one.key === env);
  if (environments.isError && !environments.data) {
    return (
      <PageBody>
        <Problem isPage error={environments.error} onRetry={() => void environments.refetch()} />
      </PageBody>
    );
  }
  const name = given?.name || env;
  const tabs = sections
    .filter((id) => hasPage(`/$org/$project/environments/$env/${id}`))
    .map((id) => ({ id, label: environmentWords.tabs[id], href: paths.environment(org, project, env, id) }));
  return (
    <>
      <PageHead
        title={name}
        detail={given?.description}
        mark={given?.protected && <Status kind="protected" />}
        documentTitle={`${environmentWords.tabs[current]} · ${name}`}
      />
      <TabLinks
        label={name}
        tabs={tabs}
        current={current}
        renderLink={(tab, className, inside) => (
          <Link key={tab.id} to={tab.href} className={className} isCurrent={tab.id === current}>
            {inside}
          </Link>
        )}
      />
      {children}
    </>
  );
}
