import type { Flag, Place } from "../../api/queries/flags";
import { CodeSnippet } from "../../parts/CodeSnippet";
import { Buttons } from "../../parts/PageHead";
import { setupWords } from "../../text/en/home";
import { Button } from "../../ui/Button";

export function Try({ place, flag, onDone }: { place: Place; flag: Flag; onDone: () => void }) {
  return (
    <>
      <CodeSnippet place={place} flag={flag.key} type={flag.type} env="development" />
      <Buttons>
        <Button kind="primary" onPress={onDone}>
          {setupWords.go_on}
        </Button>
      </Buttons>
    </>
  );
}
