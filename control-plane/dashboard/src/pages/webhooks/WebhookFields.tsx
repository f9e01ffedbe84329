import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../api/queries/projects";
import type { WebhookInput } from "../../api/queries/webhooks";
import { webhookWords as texts } from "../../text/en/webhooks";
import { Choice } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import { Tokens } from "../../ui/Tokens";

export type Fields = Required<Pick<WebhookInput, "name" | "url" | "template" | "events" | "projects" | "environments">>;
export const pointers = ["/name", "/url", "/template", "/events", "/projects", "/environments"];
const templates = ["generic", "slack", "teams"] as const;

interface FieldsProps {
  org: string;
  value: Fields;
  onChange: (changes: Partial<Fields>) => void;
  at: (pointer: string) => string | undefined;
  isNew?: boolean;
}

export function WebhookFields({ org, value, onChange, at, isNew = false }: FieldsProps) {
  const projects = useQuery(projectsQuery(org)).data ?? [];
  return (
    <>
      <Field
        label={texts.name}
        isOptional
        value={value.name}
        onChange={(name) => onChange({ name })}
        error={at("/name")}
        autoFocus={isNew}
      />
      <Field
        label={texts.url}
        hint={texts.url_hint}
        isCode
        value={value.url}
        onChange={(url) => onChange({ url })}
        error={at("/url")}
      />
      <Choice
        label={texts.template}
        value={value.template}
        onChange={(template) => onChange({ template })}
        options={templates.map((id) => ({ id, label: texts.templates[id] }))}
      />
      <Tokens
        label={texts.events}
        hint={texts.events_hint}
        isCode
        values={value.events}
        onChange={(events) => onChange({ events })}
        error={at("/events")}
      />
      <Tokens
        label={texts.projects}
        hint={texts.places_hint}
        isCode
        values={value.projects}
        onChange={(next) => onChange({ projects: next })}
        placeholder={projects
          .map((project) => project.key)
          .slice(0, 3)
          .join(", ")}
        error={at("/projects")}
      />
      <Tokens
        label={texts.environments}
        hint={texts.places_hint}
        isCode
        values={value.environments}
        onChange={(environments) => onChange({ environments })}
        error={at("/environments")}
      />
    </>
  );
}
