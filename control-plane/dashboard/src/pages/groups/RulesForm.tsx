import { useQuery } from "@tanstack/react-query";
import type { Tagged } from "../../api/client";
import { type Group, type GroupRoles, type GroupRule, saveGroupRoles } from "../../api/queries/groups";
import { rolesQuery } from "../../api/queries/roles";
import { EditForm } from "../../parts/EditForm";
import { Muted, Narrow } from "../../parts/PageHead";
import { roleOptions } from "../../parts/roles";
import { useEdit } from "../../parts/use_edit";
import { groupWords as texts } from "../../text/en/groups";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { RuleFields } from "./RuleFields";

interface FormProps {
  org: string;
  given: Tagged<GroupRoles>;
  known: readonly Group[];
}

const nothing = "-"; // no key of a role

export function RulesForm({ org, given, known }: FormProps) {
  const roles = roleOptions(useQuery(rolesQuery(org)).data ?? []);
  const edit = useEdit<GroupRoles>(`${org}/group-roles`, given, (changes, etag) =>
    saveGroupRoles(org, { ...given.value, ...changes }, etag),
  );
  const { rules, default_role: fallback } = edit.value;
  const set = (next: GroupRule[]) => edit.set({ rules: next });
  const swap = (at: number) =>
    set(rules.map((rule, i) => (i === at - 1 ? (rules[at] ?? rule) : i === at ? (rules[at - 1] ?? rule) : rule)));
  return (
    <EditForm edit={edit} fields={{ rules: texts.rules, default_role: texts.fallback }} saved={texts.saved}>
      {rules.length === 0 && <Muted>{texts.rules_empty}</Muted>}
      {rules.map((rule, i) => (
        <RuleFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place
          key={i}
          org={org}
          number={i + 1}
          rule={rule}
          roles={roles}
          groups={known.map((group) => group.name)}
          errorAt={(name) => edit.attempt.at(`/rules/${i}/${name}`)}
          onChange={(changes) => set(rules.map((other, j) => (j === i ? { ...other, ...changes } : other)))}
          {...(i > 0 ? { onUp: () => swap(i) } : {})}
          onRemove={() => set(rules.filter((_, j) => j !== i))}
        />
      ))}
      <div>
        <Button
          icon="add"
          onPress={() => set([...rules, { group: "", role: "viewer", project: null, environment: null }])}
        >
          {texts.add}
        </Button>
      </div>
      <Narrow>
        <Select
          label={texts.fallback}
          options={[{ id: nothing, label: texts.no_member }, ...roles]}
          value={fallback ?? nothing}
          onChange={(role) => edit.set({ default_role: role === nothing ? null : role })}
          error={edit.attempt.at("/default_role")}
        />
      </Narrow>
    </EditForm>
  );
}
