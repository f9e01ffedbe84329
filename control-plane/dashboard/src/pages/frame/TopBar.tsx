import { useQuery } from "@tanstack/react-query";
import { pagePath } from "../../api/base";
import { isProblem } from "../../api/errors";
import { projectsQuery } from "../../api/queries/projects";
import { signOut } from "../../api/queries/session";
import { forgetForms } from "../../parts/kept_forms";
import { Link } from "../../parts/Link";
import { lastProject } from "../../parts/last_project";
import { problemText } from "../../parts/Problem";
import { useGo } from "../../parts/page";
import { useMe, usePlace } from "../../parts/session";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { frameWords, menuWords } from "../../text/en/frame";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { Pennant } from "../../ui/Pennant";
import { toast } from "../../ui/toasts";
import { ConnectionMark } from "./ConnectionMark";
import styles from "./Frame.module.css";

interface TopBarProps {
  onMenu: () => void;
  isMenuOpen: boolean;
  onSearch?: () => void;
}

export function TopBar({ onMenu, isMenuOpen, onSearch }: TopBarProps) {
  const { org } = usePlace();
  return (
    <header className={styles.top}>
      <span className={styles.onlyNarrow}>
        <IconButton
          icon={isMenuOpen ? "close" : "menu"}
          label={frameWords.open_menu}
          onPress={onMenu}
          isPressed={isMenuOpen}
        />
      </span>
      <Link to={paths.organisations()} className={styles.brand} label={words.product}>
        <Pennant kind="on" />
        <span>{words.product}</span>
      </Link>
      <Crumbs />
      <span className={styles.spring} />
      {onSearch && (
        <button type="button" className={styles.search} onClick={onSearch}>
          <Icon name="search" />
          <span>{frameWords.search}</span>
          <kbd>Ctrl K</kbd>
        </button>
      )}
      {org !== "" && <ConnectionMark />}
      <MyMenu />
    </header>
  );
}

function Crumbs() {
  const { org, project } = usePlace();
  const me = useMe();
  const go = useGo();
  const projects = useQuery({ ...projectsQuery(org), enabled: org !== "" });
  if (org === "") return null;
  const orgs = (me?.orgs ?? []).map((access) => ({
    id: access.key,
    label: access.name || access.key,
    onAction: () => go(paths.org(access.key)),
  }));
  const others = (projects.data ?? []).map((given) => ({
    id: given.key,
    label: given.name || given.key,
    onAction: () => go(paths.project(org, given.key)),
  }));
  const orgName = orgs.find((given) => given.id === org)?.label ?? org;
  const projectName = others.find((given) => given.id === project)?.label ?? project;
  const all = { id: "", label: frameWords.all_projects, onAction: () => go(paths.org(org)) };
  return (
    <div className={styles.crumbs}>
      <Menu
        label={frameWords.organisations}
        trigger={<Button kind="quiet">{orgName}</Button>}
        groups={[{ id: "orgs", title: frameWords.organisations, actions: orgs }]}
        selected={[org]}
      />
      <span aria-hidden>/</span>
      <Menu
        label={frameWords.projects}
        trigger={<Button kind="quiet">{project === "" ? frameWords.choose_project : projectName}</Button>}
        groups={[
          { id: "projects", title: frameWords.projects, actions: others },
          { id: "all", actions: [all] },
        ]}
        selected={[project]}
      />
    </div>
  );
}

function MyMenu() {
  const me = useMe();
  const go = useGo();
  const leave = async () => {
    try {
      await signOut();
    } catch (error) {
      if (!isProblem(error, 401)) return void toast(problemText(error), { tone: "failed" });
    }
    lastProject.forget();
    forgetForms();
    window.location.assign(pagePath(paths.signIn())); // what was read in a session ends with it
  };
  const pages = (["profile", "sessions", "tokens", "preferences", "shortcuts"] as const).map((section) => ({
    id: section,
    label: section === "tokens" ? menuWords.own_tokens : menuWords[section],
    onAction: () => go(paths.me(section)),
  }));
  return (
    <Menu
      label={frameWords.me}
      header={me?.user ? frameWords.signed_in_as(me.user.email) : undefined}
      trigger={<IconButton icon="person" label={frameWords.me} />}
      groups={[
        { id: "pages", actions: pages },
        { id: "about", actions: [{ id: "about", label: frameWords.about, onAction: () => go(paths.about()) }] },
        { id: "leave", actions: [{ id: "leave", label: frameWords.sign_out, onAction: () => void leave() }] },
      ]}
    />
  );
}
