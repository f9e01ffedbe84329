import type { ReactNode } from "react";
import { paths } from "../paths";
import { menuWords as menu } from "../text/en/frame";
import { TabLinks } from "../ui/Tabs";
import { Link } from "./Link";
import { PageHead } from "./PageHead";
import { useHasPage, useKeys } from "./page";
import { accessTo, useMe } from "./session";

const sections = ["members", "roles", "groups", "keys", "tokens", "webhooks", "sign-in", "settings"] as const;
export type OrgSection = (typeof sections)[number];

// The pages about an organisation itself, each with an address of its own.
export function OrgTabs({ current, children }: { current: OrgSection; children: ReactNode }) {
  const { org } = useKeys();
  const me = useMe();
  const hasPage = useHasPage();
  const name = accessTo(me, org)?.name || org;
  const tabs = sections
    .filter((id) => hasPage(`/$org/-/${id}`))
    .map((id) => ({ id, label: menu[id], href: paths.orgPart(org, id) }));
  return (
    <>
      <PageHead title={name} documentTitle={`${menu[current]} · ${name}`} />
      <TabLinks
        label={menu.settings}
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
