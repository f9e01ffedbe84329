import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { flagQuery } from "../../api/queries/flag";
import type { Flag } from "../../api/queries/flags";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted, PageBody, PageHead } from "../../parts/PageHead";
import { PresenceMark } from "../../parts/PresenceMark";
import { useHasPage, useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { flagWords } from "../../text/en/flag";
import { CopyText } from "../../ui/CopyText";
import { Status } from "../../ui/Status";
import { TabLinks } from "../../ui/Tabs";

type Section = "environments" | "definition" | "history" | "uses" | "code";
const parts = ["definition", "history", "uses", "code"] as const;

interface FlagFrameProps {
  section: Section;
  children: (flag: Flag) => ReactNode;
}

// What all pages of one flag have around them: its head, and links to its parts.
export function FlagFrame({ section, children }: FlagFrameProps) {
  const { org, project, flag: key } = useKeys();
  const query = useQuery(flagQuery({ org, project }, key));
  const hasPage = useHasPage();
  const flag = query.data?.value;
  const tabs = [
    { id: "environments", label: flagWords.environments, href: paths.flag(org, project, key) },
    ...parts
      .filter((part) => hasPage(`/$org/$project/flags/$flag/-/${part}`))
      .map((part) => ({ id: part, label: flagWords[part], href: paths.flagPart(org, project, key, part) })),
  ];
  return (
    <>
      <PageHead
        title={flag?.name || key}
        documentTitle={section === "environments" ? key : `${flagWords[section]}, ${key}`}
        mark={
          <>
            {flag?.archived && <Status kind="archived" />}
            <PresenceMark org={org} resource={`projects/${project}/flags/${key}`} isEditing={false} />
          </>
        }
        detail={
          <>
            <CopyText text={key} />
            {flag && <Facts flag={flag} />}
          </>
        }
      />
      <TabLinks
        label={flagWords.tabs}
        tabs={tabs}
        current={section}
        renderLink={(tab, className, inside) => (
          <Link key={tab.id} to={tab.href} className={className} isCurrent={tab.id === section}>
            {inside}
          </Link>
        )}
      />
      <PageBody>
        <Load query={query}>{({ value }) => children(value as Flag)}</Load>
      </PageBody>
    </>
  );
}

function Facts({ flag }: { flag: Flag }) {
  const facts = [
    flag.type,
    ...(flag.owner ? [flagWords.owner(flag.owner)] : []),
    ...(flag.lifetime ? [flag.lifetime] : []),
    ...(flag.client ? [flagWords.client] : []),
    ...(flag.warnings && flag.warnings.length > 0 ? [flagWords.warnings(flag.warnings.length)] : []),
    ...flag.tags.map((tag) => `#${tag}`),
  ];
  return <Muted> · {facts.join(" · ")}</Muted>;
}
