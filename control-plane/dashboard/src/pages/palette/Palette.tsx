import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type FlagEntry, flagIndexQuery } from "../../api/queries/flag_index";
import { environmentsQuery } from "../../api/queries/projects";
import { snippet } from "../../model/index";
import { useGo, useHasPage, useKeys, useMenu } from "../../parts/page";
import { useMay, usePlace } from "../../parts/session";
import ToggleDialog, { type Toggle } from "../../parts/ToggleDialog";
import { isCareful, toggleAtOnce } from "../../parts/toggle";
import { paths } from "../../paths";
import { flagsWords } from "../../text/en/flags";
import { paletteWords } from "../../text/en/palette";
import { CommandBox } from "../../ui/CommandBox";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { type Command, commandsFor, type World } from "./commands";

const fill = (path: string, org: string, project: string) => path.replace("$org", org).replace("$project", project);

export default function Palette({ onClose }: { onClose: () => void }) {
  const { flag, env } = useKeys();
  const { org, project } = usePlace();
  const [line, setLine] = useState("");
  const [toggle, setToggle] = useState<Toggle>();
  const index = useQuery({ ...flagIndexQuery(org, project), enabled: project !== "" });
  const environments = useQuery({ ...environmentsQuery(org, project), enabled: project !== "" });
  const hasPage = useHasPage();
  const menu = useMenu();
  const may = useMay();
  const go = useGo();
  const pages = menu
    .filter((entry) => org !== "" && (entry.group === "organisation" || project !== ""))
    .map((entry) => ({ path: fill(entry.path, org, project), label: entry.label }));
  const world: World = {
    flags: index.data?.flags ?? [],
    environments: environments.data ?? [],
    pages,
    env,
    flag,
    can: {
      create: project !== "" && may("edit", org, project),
      why: hasPage("/$org/$project/flags/$flag/$env/why"),
      promote: hasPage("/$org/$project/compare"),
      env: flag !== "" && hasPage("/$org/$project/flags/$flag/$env"),
    },
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the world changes with what it is made of
  const commands = useMemo(
    () => commandsFor(line, world),
    [line, index.data, environments.data, org, project, env, flag],
  );

  const act = (command: Command) => {
    const place = { org, project };
    if (command.kind === "toggle") {
      const config = command.flag.environments[command.env.key];
      if (!config) return;
      const { version, percent } = config;
      const change = { place, flag: command.flag.key, env: command.env, isOn: command.isOn, version, percent };
      if (isCareful(command.env)) return setToggle(change);
      void toggleAtOnce(change);
    } else if (command.kind === "copy") {
      const text =
        command.what === "link"
          ? window.location.href
          : command.what === "key"
            ? (command.flag?.key ?? "")
            : curlOf(command.flag, project, env);
      void navigator.clipboard.writeText(text).then(() => toast(paletteWords.copied));
    } else go(pathOf(command, org, project, flag));
    onClose();
  };

  if (toggle) return <ToggleDialog toggle={toggle} onClose={onClose} />;
  return (
    <CommandBox
      label={paletteWords.title}
      placeholder={paletteWords.placeholder}
      value={line}
      onChange={setLine}
      items={commands.map((command, i) => ({ id: String(i), ...described(command) }))}
      onAction={(id) => {
        const command = commands[Number(id)];
        if (command) act(command);
      }}
      onClose={onClose}
      empty={paletteWords.nothing}
      hint={paletteWords.hint}
    />
  );
}

function curlOf(flag: FlagEntry | undefined, project: string, environment: string): string {
  if (flag === undefined) return "";
  const { key, type } = flag;
  return snippet("curl", { flag: key, type, relay: "https://RELAY", targetingKey: "alice", project, environment }).code;
}

function pathOf(
  command: Exclude<Command, { kind: "toggle" | "copy" }>,
  org: string,
  project: string,
  flag: string,
): string {
  switch (command.kind) {
    case "open_flag":
      return paths.flag(org, project, command.flag.key);
    case "why": {
      const who = command.who === "" ? "" : `#${encodeURIComponent(JSON.stringify({ targetingKey: command.who }))}`;
      return paths.editorPart(org, project, command.flag.key, command.env?.key ?? "", "why") + who;
    }
    case "promote":
      return paths.projectPart(org, project, `compare?sel=${encodeURIComponent(command.flag.key)}&promote=1`);
    case "create":
      return paths.newFlag(org, project, command.name === "" ? "" : `?name=${encodeURIComponent(command.name)}`);
    case "go":
      return command.path;
    case "env":
      return paths.editor(org, project, flag, command.env.key);
  }
}

function described(command: Command) {
  switch (command.kind) {
    case "open_flag":
      return { text: command.flag.name || command.flag.key, code: command.flag.key, detail: paletteWords.flag };
    case "toggle": {
      const text = (command.isOn ? paletteWords.turn_on : paletteWords.turn_off)(command.flag.key, command.env.key);
      const there = command.isOn ? paletteWords.already_on : paletteWords.already_off;
      const how = isCareful(command.env) ? paletteWords.asks : paletteWords.at_once;
      return {
        text,
        detail: command.isThere ? there : how,
        mark: <Status kind={command.env.protected ? "protected" : command.isOn ? "on" : "off"} isGlyphOnly />,
      };
    }
    case "why":
      return { text: paletteWords.why(command.flag.key, command.who) };
    case "promote":
      return { text: paletteWords.promote(command.flag.key) };
    case "create":
      return { text: command.name === "" ? flagsWords.create : paletteWords.create(command.name) };
    case "go":
      return { text: command.label, detail: paletteWords.page };
    case "env":
      return { text: command.env.name || command.env.key, code: command.env.key, detail: paletteWords.environment };
    case "copy":
      if (command.what === "link") return { text: paletteWords.copy_link };
      return {
        text: (command.what === "key" ? paletteWords.copy_key : paletteWords.copy_curl)(command.flag?.key ?? ""),
      };
  }
}
