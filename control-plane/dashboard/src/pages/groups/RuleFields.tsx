import { useQueries, useQuery } from "@tanstack/react-query";
import type { GroupRule } from "../../api/queries/groups";
import { environmentsQuery, projectsQuery } from "../../api/queries/projects";
import { groupWords as texts } from "../../text/en/groups";
import { IconButton } from "../../ui/Button";
import { ComboBox, type Option, Select } from "../../ui/Select";
import styles from "./Groups.module.css";

interface RuleProps {
  org: string;
  number: number;
  rule: GroupRule;
  roles: readonly Option[];
  groups: readonly string[];
  errorAt: (name: string) => string | undefined;
  onChange: (changes: Partial<GroupRule>) => void;
  onUp?: () => void;
  onRemove: () => void;
}

export function RuleFields({ org, number, rule, roles, groups, errorAt, onChange, onUp, onRemove }: RuleProps) {
  const places = usePlaces(org, rule);
  return (
    <fieldset className={styles.rule}>
      <legend className="visually-hidden">{texts.rule(number)}</legend>
      <ComboBox
        label={texts.name}
        options={[...new Set(groups)].map((name) => ({ id: name, label: name }))}
        value={groups.includes(rule.group) ? rule.group : null}
        input={rule.group}
        onInput={(group) => onChange({ group })}
        onChange={(group) => group !== null && onChange({ group })}
        isFree
        error={errorAt("group")}
      />
      <Select
        label={texts.role}
        options={roles}
        value={rule.role}
        onChange={(role) => onChange({ role })}
        error={errorAt("role")}
      />
      <Select
        label={texts.where}
        options={places}
        value={idOf(rule)}
        onChange={(id) => {
          const [project = "", environment = ""] = id.split("/");
          onChange({ project: project || null, environment: environment || null });
        }}
        error={errorAt("project") ?? errorAt("environment")}
      />
      <span className={styles.tools}>
        {onUp && <IconButton icon="up" label={texts.up(number)} onPress={onUp} />}
        <IconButton icon="close" label={texts.remove(number)} onPress={onRemove} />
      </span>
    </fieldset>
  );
}

const idOf = ({ project, environment }: GroupRule): string => `${project ?? ""}/${environment ?? ""}`;

// The organisation, its projects, and their environments. What a rule names and is not there any more is among them.
function usePlaces(org: string, rule: GroupRule): Option[] {
  const projects = useQuery(projectsQuery(org)).data ?? [];
  const environments = useQueries({ queries: projects.map(({ key }) => environmentsQuery(org, key)) });
  const places = projects.flatMap((project, i) => [
    { id: `${project.key}/`, label: project.name || project.key },
    ...(environments[i]?.data ?? []).map((env) => ({
      id: `${project.key}/${env.key}`,
      label: `${project.name || project.key} / ${env.name || env.key}`,
    })),
  ]);
  const all = [{ id: "/", label: texts.organisation }, ...places];
  return all.some((place) => place.id === idOf(rule)) ? all : [...all, { id: idOf(rule), label: idOf(rule) }];
}
