import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isProblem } from "../../api/errors";
import { flagQuery } from "../../api/queries/flag";
import type { Flag } from "../../api/queries/flags";
import { savePreferences } from "../../api/queries/me";
import { environmentsQuery } from "../../api/queries/projects";
import { useShortcuts } from "../../parts/keyboard";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { neighbour } from "../../parts/list_walk";
import { Muted, PageBody, PageHead } from "../../parts/PageHead";
import { PresenceMark } from "../../parts/PresenceMark";
import { problemText } from "../../parts/Problem";
import { useGo, useHasPage, useKeys } from "../../parts/page";
import { usePreferences } from "../../parts/session";
import { paths } from "../../paths";
import { flagWords } from "../../text/en/flag";
import { homeWords } from "../../text/en/home";
import { IconButton } from "../../ui/Button";
import { CopyText } from "../../ui/CopyText";
import { NotFound } from "../../ui/States";
import { Status } from "../../ui/Status";
import { TabLinks } from "../../ui/Tabs";
import { toast } from "../../ui/toasts";

type Section = "environments" | "evaluations" | "rollout" | "definition" | "history" | "uses" | "code";
const envParts = ["evaluations", "rollout"] as const; // of an environment: the one that is shown, else a protected one
const parts = ["definition", "history", "uses", "code"] as const;

interface FlagFrameProps {
  section: Section;
  children: (flag: Flag) => ReactNode;
}

// What all pages of one flag have around them: its head, and links to its parts.
export function FlagFrame({ section, children }: FlagFrameProps) {
  const { org, project, flag: key, env: shown } = useKeys();
  const environments = useQuery(environmentsQuery(org, project)).data;
  const env = shown || environments?.find((each) => each.protected)?.key || environments?.[0]?.key;
  const query = useQuery(flagQuery({ org, project }, key));
  const hasPage = useHasPage();
  const flag = query.data?.value;
  useWalk();
  const tabs = [
    { id: "environments", label: flagWords.environments, href: paths.flag(org, project, key) },
    ...(env === undefined ? [] : envParts)
      .filter((part) => hasPage(`/$org/$project/flags/$flag/$env/${part}`))
      .map((part) => ({
        id: part,
        label: flagWords[part],
        href: paths.editorPart(org, project, key, env ?? "", part),
      })),
    ...parts
      .filter((part) => hasPage(`/$org/$project/flags/$flag/-/${part}`))
      .map((part) => ({ id: part, label: flagWords[part], href: paths.flagPart(org, project, key, part) })),
  ];
  if (isProblem(query.error, 404) && flag === undefined) {
    const resource = encodeURIComponent(`projects/${project}/flags/${key}`);
    return (
      <PageBody>
        <NotFound
          isPage
          actions={<Link to={paths.audit(org, `?resource=${resource}`)}>{flagWords.what_became(key)}</Link>}
        />
      </PageBody>
    );
  }
  return (
    <>
      <PageHead
        title={flag?.name || key}
        documentTitle={section === "environments" ? key : `${flagWords[section]}, ${key}`}
        mark={
          <>
            {flag?.archived && <Status kind="archived" />}
            <PinButton pin={`${org}/${project}/${key}`} />
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

// `[` and `]` lead through the list that one came from, `1` to `9` to the editor of an environment.
function useWalk(): void {
  const { org, project, flag } = useKeys();
  const go = useGo();
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const to = (key: string | undefined) => () => {
    if (key !== undefined) go(paths.flag(org, project, key));
  };
  const numbers = environments
    .slice(0, 9)
    .map((env, i) => [String(i + 1), () => go(paths.editor(org, project, flag, env.key))] as const);
  useShortcuts({
    ...Object.fromEntries(numbers),
    "[": to(neighbour({ org, project }, flag, -1)),
    "]": to(neighbour({ org, project }, flag, 1)),
  });
}

// Pins are the person's own: they are taken at once.
function PinButton({ pin }: { pin: string }) {
  const { pins = [] } = usePreferences();
  const isPinned = pins.includes(pin);
  const toggle = async () => {
    try {
      await savePreferences({ pins: isPinned ? pins.filter((one) => one !== pin) : [...pins, pin] });
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  return <IconButton icon="star" label={homeWords.pin} isPressed={isPinned} onPress={() => void toggle()} />;
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
