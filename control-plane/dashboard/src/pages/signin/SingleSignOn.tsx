import { useState } from "react";
import { apiUrl } from "../../api/base";
import { signInWords } from "../../text/en/signin";
import { Button } from "../../ui/Button";
import { Field, Form } from "../../ui/Field";

// By the identity provider of an organisation. Which organisations there are is nobody's business before signing in, so its key is
// typed; what is wrong with it is said by the control plane, after the browser has gone there.
export function SingleSignOn({ returnTo }: { returnTo: string }) {
  const [org, setOrg] = useState("");
  const leave = () => {
    if (org.trim() === "") return;
    const path = `/auth/sign-on/${encodeURIComponent(org.trim())}/main`;
    window.location.assign(`${apiUrl(path)}?return_to=${encodeURIComponent(returnTo)}`);
  };
  return (
    <Form onSubmit={leave}>
      <Field
        label={signInWords.sso_org}
        hint={signInWords.sso_hint}
        isCode
        value={org}
        onChange={setOrg}
        name="organisation"
        autoFocus
      />
      <Button kind="primary" type="submit">
        {signInWords.sso_submit}
      </Button>
    </Form>
  );
}
