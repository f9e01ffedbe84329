import { isSplit, type Serve, type ServeInput, type Variation } from "../model/index";
import { splitWords } from "../text/en/split";
import { Select } from "../ui/Select";
import { TypedChoice } from "../ui/TypedChoice";
import styles from "./split/Split.module.css";
import { VariationName } from "./split/SplitBar";
import { SplitEditor } from "./split/SplitEditor";

interface ServeEditorProps {
  label: string;
  serve: Serve;
  before?: Serve | undefined;
  variations: readonly Variation[];
  inRule: boolean;
  salt: string;
  isReadOnly: boolean;
  focus?: number;
  onChange: (serve: ServeInput, merge?: string) => void;
}

const split = "%"; // no variation's key has it
const few = 6;

// What is served: one variation to all, or shares of them.
export function ServeEditor(props: ServeEditorProps) {
  const { label, serve, variations, inRule, isReadOnly, onChange } = props;
  const value = isSplit(serve) ? split : serve.variation;
  const choose = (id: string) => {
    if (id === value) return;
    if (id !== split) return onChange({ variation: id });
    // All slots as they are: whoever types a share then moves somebody.
    const held = isSplit(serve) ? undefined : serve.variation;
    onChange({ split: { weights: [], otherwise: held ?? variations[0]?.key ?? "" } }, `split ${label}`);
  };
  const options = [
    ...variations.map(({ key }) => ({
      id: key,
      label: key,
      mark: <VariationName variations={variations} name={key} />,
    })),
    { id: split, label: splitWords.percentages, mark: undefined },
  ];
  return (
    <div className={styles.serve}>
      {isReadOnly ? (
        !isSplit(serve) && (
          <p>
            {label} <VariationName variations={variations} name={serve.variation} />
          </p>
        )
      ) : variations.length <= few ? (
        <TypedChoice label={label} value={value} options={options} onChange={choose} />
      ) : (
        <Select
          label={label}
          value={value}
          options={options.map(({ id, label: text }) => ({ id, label: text }))}
          onChange={choose}
        />
      )}
      {isSplit(serve) && <SplitEditor {...props} inRule={inRule} />}
    </div>
  );
}
