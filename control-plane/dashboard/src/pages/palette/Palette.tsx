import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type FlagEntry, flagIndexQuery } from "../../api/queries/flag_index";
import { memberNamesQuery } from "../../api/queries/member_names";
import { environmentsQuery } from "../../api/queries/projects";
import { segmentsQuery } from "../../api/queries/segments";
import { snippet } from "../../model/index";
import { useGo, useHasPage, useKeys, useMenu } from "../../parts/page";
import { useMay, usePlace } from "../../parts/session";
import ToggleDialog, { type Toggle } from "../../parts/ToggleDialog";
import { isCareful, toggleAtOnce } from "../../parts/toggle";
import { paths } from "../../paths";
import { frameWords } from "../../text/en/frame";
import { paletteWords } from "../../text/en/palette";
import { CommandBox } from "../../ui/CommandBox";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { type Command, commandsFor, prepare, type World } from "./commands";

const fill = (path: string, org: string, project: string) => path.replace("$org", org).replace("$project", project);

interface PaletteProps {
  takeEarly: () => string; // what was typed before this was there
  onClose: () => void;
}

export default function Palette({ takeEarly, onClose }: PaletteProps) {
  const { flag, env } = useKeys();
  const { org, project } = usePlace();
  const [line, setLine] = useState("");
  const [toggle, setToggle] = useState<Toggle>();
  useEffect(() => {
    const early = takeEarly();
    setLine((present) => early + present);
  }, [takeEarly]);
  const index = useQuery({ ...flagIndexQuery(org, project), enabled: project !== "" });
  const environments = useQuery({ ...environmentsQuery(org, project), enabled: project !== "" });
  const hasPage = useHasPage();
  const menu = useMenu();
  const may = useMay();
  const go = useGo();
  const segments = useQuery({ ...segmentsQuery({ org, project }), enabled: project !== "" });
  const people = useQuery({ ...memberNamesQuery(org), enabled: org !== "" });
  const known = useMemo(
    () =>
      prepare({
        flags: index.data?.flags ?? [],
        segments: segments.data ?? [],
        people: [...(people.data?.values() ?? [])],
        environments: environments.data ?? [],
        pages: menu
          .filter((entry) => org !== "" && (entry.group === "organisation" || project !== ""))
          .sort((a, b) => Number(b.group === "project") - Number(a.group === "project"))
          .map((entry, _, shown) => ({
            path: fill(entry.path, org, project),
            // Two pages are never called the same: the label is what finds them.
            label: shown.some((other) => other !== entry && other.label === entry.label)
              ? `${entry.label} (${frameWords[entry.group]})`
              : entry.label,
          })),
      }),
    [index.data, segments.data, people.data, environments.data, menu, org, project],
  );
  const world: World = {
    known,
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
  const commands = useMemo(() => commandsFor(line, world), [line, known, env, flag]);

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

// With both environments given, the review of the promotion is open.
function promotionQuery({ flag, from, to }: Extract<Command, { kind: "promote" }>): string {
  const places = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  return `?${new URLSearchParams({ ...places, sel: flag.key, promote: "1" })}`;
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
      return paths.compare(org, project, promotionQuery(command));
    case "open_segment":
      return paths.segment(org, project, command.key);
    case "open_person":
      return paths.orgPart(org, "members");
    case "create": {
      const named = command.name === "" ? "" : `?name=${encodeURIComponent(command.name)}`;
      return command.what === "flag" ? paths.newFlag(org, project, named) : paths.newSegment(org, project) + named;
    }
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
      return { text: paletteWords.promote(command.flag.key, command.from, command.to) };
    case "create":
      return { text: paletteWords.create(command.what, command.name) };
    case "open_segment":
      return { text: command.name || command.key, code: command.key, detail: paletteWords.segment };
    case "open_person":
      return { text: command.email, detail: paletteWords.person };
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
