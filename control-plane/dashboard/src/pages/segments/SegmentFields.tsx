import { segmentWords } from "../../text/en/segments";
import { Field } from "../../ui/Field";
import { Switch } from "../../ui/Switch";
import { Tokens } from "../../ui/Tokens";

export interface SegmentDetails {
  name: string;
  description: string;
  tags: readonly string[];
  owner: string;
  client: boolean;
}

interface SegmentFieldsProps {
  segment: SegmentDetails;
  onChange: (changes: Partial<SegmentDetails>) => void;
  errorAt?: (pointer: string) => string | undefined;
  isNamed?: boolean; // the name has a field of its own
}

// What a segment has beside its members.
export function SegmentFields({ segment, onChange, errorAt, isNamed = false }: SegmentFieldsProps) {
  return (
    <>
      {!isNamed && (
        <Field
          label={segmentWords.name}
          value={segment.name}
          onChange={(name) => onChange({ name })}
          error={errorAt?.("/name")}
          autoFocus
        />
      )}
      <Field
        label={segmentWords.description}
        isOptional
        rows={2}
        value={segment.description}
        onChange={(description) => onChange({ description })}
        error={errorAt?.("/description")}
      />
      <Tokens
        label={segmentWords.tags}
        values={segment.tags}
        onChange={(tags) => onChange({ tags })}
        error={errorAt?.("/tags")}
      />
      <Field
        label={segmentWords.owner}
        isOptional
        value={segment.owner}
        onChange={(owner) => onChange({ owner })}
        error={errorAt?.("/owner")}
      />
      <Switch isOn={segment.client} onChange={(client) => onChange({ client })}>
        {segmentWords.client_label}
      </Switch>
    </>
  );
}
