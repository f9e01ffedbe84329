import { useState } from "react";
import { credentialWords } from "../text/en/credentials";
import { Button } from "../ui/Button";
import { CopyText } from "../ui/CopyText";
import { Buttons } from "./PageHead";

interface SecretProps {
  secret: string;
  onDone: () => void;
  done?: string;
  detail?: string;
}

const clear = 8; // characters that say which one it is; the id of a key and its kind are no secret
const hidden = "•".repeat(16);

// Of a link, all but what stands in its fragment.
const masked = (secret: string): string => secret.slice(0, secret.indexOf("#") + 1 || clear) + hidden;

// A secret that was made just now. It is in the document only while it is asked to be; whoever shows this forgets it with onDone.
export function SecretOnce({ secret, onDone, done = credentialWords.secret_done, detail }: SecretProps) {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <p>{detail ?? credentialWords.secret_once}</p>
      <CopyText text={secret} isBlock shown={isShown ? secret : masked(secret)} />
      <Buttons>
        <Button icon={isShown ? "hide" : "show"} onPress={() => setShown(!isShown)}>
          {isShown ? credentialWords.secret_hide : credentialWords.secret_show}
        </Button>
        <Button kind="primary" onPress={onDone}>
          {done}
        </Button>
      </Buttons>
    </>
  );
}
