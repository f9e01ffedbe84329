import { useQuery } from "@tanstack/react-query";
import { type ReactNode, type RefObject, useState } from "react";
import { environmentsQuery, projectsQuery } from "../../api/queries/projects";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { words } from "../../text/en";
import { auditWords } from "../../text/en/audit";
import { exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import styles from "./Audit.module.css";
import { type AuditSearch, activeConditions, timeOf } from "./filter";

interface FiltersProps {
  org: string;
  search: AuditSearch;
  onChange: (changes: AuditSearch) => void;
  inputRef: RefObject<HTMLDivElement | null>;
  children?: ReactNode; // at the end of the line
}

const any = "any";

// The conditions, each of which stands in the address.
export function Filters({ org, search, onChange, inputRef, children }: FiltersProps) {
  const projects = useQuery(projectsQuery(org)).data ?? [];
  const environments = useQuery({
    ...environmentsQuery(org, search.project ?? ""),
    enabled: search.project !== undefined,
  }).data;
  const [isWide, setWide] = useState(
    search.actor !== undefined || search.action !== undefined || search.resource !== undefined,
  );
  const active = activeConditions(search);
  return (
    <search className={styles.filters}>
      <div ref={inputRef} className={styles.text}>
        <TextCondition label={auditWords.text} hint="" value={search.q} onChange={(q) => onChange({ q })} />
      </div>
      <Select
        label={auditWords.project}
        value={search.project ?? any}
        options={[
          { id: any, label: auditWords.any_project },
          ...projects.map(({ key, name }) => ({ id: key, label: name || key })),
        ]}
        onChange={(id) => onChange({ project: id === any ? undefined : id, env: undefined })}
      />
      {environments && (
        <EnvironmentPicker
          label={auditWords.environment}
          environments={environments}
          value={search.env ?? ""}
          all={auditWords.any_environment}
          onChange={(env) => onChange({ env: env || undefined })}
        />
      )}
      <TimeRange search={search} onChange={onChange} />
      <Button kind="quiet" isExpanded={isWide} onPress={() => setWide(!isWide)}>
        {isWide ? auditWords.fewer_filters : auditWords.more_filters}
      </Button>
      {active.length > 0 && (
        <Button
          kind="quiet"
          icon="close"
          onPress={() => onChange(Object.fromEntries(active.map((name) => [name, undefined])))}
        >
          {words.clear}
        </Button>
      )}
      <span className={styles.spring} />
      {children}
      {isWide && (
        <div className={styles.more}>
          <TextCondition
            label={auditWords.actor}
            hint={auditWords.actor_hint}
            value={search.actor}
            onChange={(actor) => onChange({ actor })}
          />
          <TextCondition
            label={auditWords.action}
            hint="flag.configured"
            isCode
            value={search.action}
            onChange={(action) => onChange({ action })}
          />
          <TextCondition
            label={auditWords.resource}
            hint="projects/web/flags/new-checkout"
            isCode
            value={search.resource}
            onChange={(resource) => onChange({ resource })}
          />
        </div>
      )}
    </search>
  );
}

interface TextConditionProps {
  label: string;
  hint: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  isCode?: boolean;
}

// Taken when the field is left, or with Enter: not at each letter.
function TextCondition({ label, hint, value, onChange, isCode = false }: TextConditionProps) {
  const [typed, setTyped] = useState<string>();
  const take = () => {
    if (typed !== undefined && typed.trim() !== (value ?? "")) onChange(typed.trim() || undefined);
    setTyped(undefined);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <Field
        label={label}
        isCode={isCode}
        placeholder={hint}
        value={typed ?? value ?? ""}
        onChange={setTyped}
        onBlur={take}
        autoComplete="off"
      />
    </form>
  );
}

function TimeRange({ search, onChange }: Pick<FiltersProps, "search" | "onChange">) {
  const shown = (text: string | undefined, other: string): string => {
    const time = timeOf(text, Date.now());
    return time === undefined ? other : exactTime(time);
  };
  const ranges = Object.entries(auditWords.ranges).map(([id, label]) => ({ id, label }));
  const isChosen = search.to !== undefined || (search.from !== undefined && !(search.from in auditWords.ranges));
  const chosen = {
    id: "chosen",
    label: auditWords.chosen_range(shown(search.from, auditWords.begin), shown(search.to, auditWords.now)),
  };
  return (
    <Select
      label={auditWords.range}
      value={isChosen ? chosen.id : (search.from ?? any)}
      options={[{ id: any, label: auditWords.any_time }, ...ranges, ...(isChosen ? [chosen] : [])]}
      onChange={(id) => id !== chosen.id && onChange({ from: id === any ? undefined : id, to: undefined })}
    />
  );
}
