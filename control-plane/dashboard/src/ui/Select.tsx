import type { ReactNode } from "react";
import {
  ComboBox as AriaComboBox,
  Select as AriaSelect,
  Button,
  FieldError,
  Header,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  SelectValue,
  Text,
} from "react-aria-components";
import { words } from "../text/en";
import field from "./Field.module.css";
import { Icon } from "./Icon";
import styles from "./Overlay.module.css";

export interface Option {
  id: string;
  label: string;
  detail?: string;
  mark?: ReactNode;
  group?: string; // those of one group stand together, below its name
}

interface SelectProps {
  label: string;
  options: readonly Option[];
  value: string | null;
  onChange: (id: string) => void;
  isLabelHidden?: boolean;
  hint?: string;
  error?: string | undefined;
  placeholder?: string;
  isDisabled?: boolean;
}

const optionOf = (option: Option) => (
  <ListBoxItem key={option.id} id={option.id} textValue={option.label} className={styles.item ?? ""}>
    {option.mark}
    <span>{option.label}</span>
    {option.detail && <span className={styles.detail}>{option.detail}</span>}
  </ListBoxItem>
);

function listOf(options: readonly Option[]) {
  const groups = new Set(options.flatMap(({ group }) => (group === undefined ? [] : [group])));
  if (groups.size === 0) return options.map(optionOf);
  return [...groups].map((group) => (
    <ListBoxSection key={group} id={`group:${group}`}>
      <Header className={styles.heading}>{group}</Header>
      {options.filter((option) => option.group === group).map(optionOf)}
    </ListBoxSection>
  ));
}

export function Select(props: SelectProps) {
  const { label, options, value, onChange, isLabelHidden, hint, error, placeholder, isDisabled = false } = props;
  return (
    <AriaSelect
      className={field.field ?? ""}
      value={value}
      onChange={(key) => onChange(String(key))}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
      {...(placeholder ? { placeholder } : {})}
    >
      <Label className={isLabelHidden ? "visually-hidden" : field.label}>{label}</Label>
      <Button className={`${field.input} ${field.button}`}>
        <SelectValue className={styles.chosen ?? ""} />
        <Icon name="down" />
      </Button>
      {hint && (
        <Text slot="description" className={field.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={field.error ?? ""}>{error}</FieldError>
      <Popover className={styles.popover ?? ""}>
        <ListBox className={styles.list ?? ""}>{listOf(options)}</ListBox>
      </Popover>
    </AriaSelect>
  );
}

interface ComboProps extends Omit<SelectProps, "onChange" | "placeholder"> {
  input: string;
  onInput: (text: string) => void;
  onChange: (id: string | null) => void;
  isFree?: boolean; // what is not among the options may be entered as well
}

export function ComboBox(props: ComboProps) {
  const { label, options, value, onChange, input, onInput, isLabelHidden, hint, error, isFree = false } = props;
  return (
    <AriaComboBox
      className={field.field ?? ""}
      value={value}
      onChange={(key) => onChange(key === null ? null : String(key))}
      inputValue={input}
      onInputChange={onInput}
      isInvalid={error !== undefined}
      allowsCustomValue={isFree}
      // Where options follow what is typed, there are none for a moment, in which the list must not stay closed.
      allowsEmptyCollection={!isFree}
      menuTrigger="focus"
    >
      <Label className={isLabelHidden ? "visually-hidden" : field.label}>{label}</Label>
      <Input className={field.input ?? ""} />
      {hint && (
        <Text slot="description" className={field.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={field.error ?? ""}>{error}</FieldError>
      <Popover className={styles.popover ?? ""}>
        <ListBox
          className={styles.list ?? ""}
          renderEmptyState={() => <p className={styles.none}>{words.no_option}</p>}
        >
          {options.map(optionOf)}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
