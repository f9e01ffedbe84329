import type { ReactNode } from "react";
import { Link } from "../../parts/Link";
import { PageHead } from "../../parts/PageHead";
import { paths } from "../../paths";
import { menuWords } from "../../text/en/frame";
import { meWords } from "../../text/en/me";
import { TabLinks } from "../../ui/Tabs";

const sections = ["profile", "sessions", "tokens", "preferences", "shortcuts"] as const;
type Section = (typeof sections)[number];
const labels: Record<Section, string> = { ...menuWords, tokens: menuWords.own_tokens };

// The pages about the person, each with an address of its own.
export function MePage({ current, children }: { current: Section; children: ReactNode }) {
  const tabs = sections.map((id) => ({ id, label: labels[id], href: paths.me(id) }));
  return (
    <>
      <PageHead title={meWords.title} />
      <TabLinks
        label={meWords.title}
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
