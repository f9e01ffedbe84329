import { type Condition, ruleText } from "../../model/index";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { segmentWords } from "../../text/en/segments";

// The rules as text, in the canonical form.
export function Rules({ rules }: { rules: readonly unknown[] }) {
  const shown = rules as readonly { when: Condition }[];
  return (
    <Section title={segmentWords.rules} detail={segmentWords.rules_detail}>
      {shown.length === 0 ? (
        <Muted>{segmentWords.rules_none}</Muted>
      ) : (
        <Lines label={segmentWords.rules}>
          {shown.map(({ when }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rules of segments have nothing but their place
            <Line key={i}>
              <code>{ruleText(when)}</code>
            </Line>
          ))}
        </Lines>
      )}
    </Section>
  );
}
