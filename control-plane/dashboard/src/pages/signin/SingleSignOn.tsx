import { useState } from "react";
import { apiUrl } from "../../api/base";
import { signInWords } from "../../text/en/signin";
import { Button } from "../../ui/Button";
import { Field, Form } from "../../ui/Field";

interface SignOnProps {
  org: string; // as the address says
  provider: string;
  returnTo: string;
}

// By an identity provider of an organisation. Which there are is nobody's business before signing in, so the keys are typed, or come
// with the address that the organisation hands out; what is wrong with them is said by the control plane, after the browser has gone.
export function SingleSignOn({ returnTo, ...given }: SignOnProps) {
  const [org, setOrg] = useState(given.org);
  const [provider, setProvider] = useState(given.provider);
  const isComplete = org.trim() !== "" && provider.trim() !== "";
  const leave = () => {
    if (!isComplete) return;
    const path = `/auth/sign-on/${encodeURIComponent(org.trim())}/${encodeURIComponent(provider.trim())}`;
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
        autoFocus={given.org === ""}
      />
      <Field
        label={signInWords.sso_provider}
        hint={signInWords.sso_provider_hint}
        isCode
        value={provider}
        onChange={setProvider}
        name="provider"
      />
      <Button kind="primary" type="submit" isDisabled={!isComplete} autoFocus={given.org !== ""}>
        {signInWords.sso_submit}
      </Button>
    </Form>
  );
}
