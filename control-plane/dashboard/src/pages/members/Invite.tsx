import { useState } from "react";
import { publicUrl } from "../../api/base";
import { invite } from "../../api/queries/members";
import { Buttons } from "../../parts/PageHead";
import { SecretOnce } from "../../parts/SecretOnce";
import { useAttempt } from "../../parts/use_attempt";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { memberWords } from "../../text/en/members";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { type Option, Select } from "../../ui/Select";

// The token stands behind #, which browsers do not send.
const linkOf = (token: string): string => `${new URL(`ui${paths.setup()}`, publicUrl).href}#${token}`;

export function Invite({ org, roles, onClose }: { org: string; roles: readonly Option[]; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState("developer");
  const [link, setLink] = useState<string>();
  const attempt = useAttempt();
  const create = () =>
    attempt.run(async (intention) => {
      const named = name.trim() === "" ? {} : { name };
      setLink(linkOf((await invite(org, { email, role, ...named }, intention)).setup_token));
    });
  const problem = attempt.apartFrom(["/email", "/name", "/role"]);
  return (
    <Dialog title={memberWords.invite_title} isOpen isDismissable={false} onClose={onClose}>
      {link !== undefined ? (
        <SecretOnce secret={link} detail={memberWords.invite_once} done={memberWords.invite_done} onDone={onClose} />
      ) : (
        <Form onSubmit={() => void create()}>
          <Field
            label={memberWords.email}
            inputMode="email"
            autoComplete="off"
            value={email}
            onChange={setEmail}
            error={attempt.at("/email")}
            autoFocus
          />
          <Field label={memberWords.name} isOptional value={name} onChange={setName} error={attempt.at("/name")} />
          <Select
            label={memberWords.role}
            options={roles}
            value={role}
            onChange={setRole}
            error={attempt.at("/role")}
          />
          {problem && <FormError>{problem}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={attempt.isBusy}>
              {memberWords.invite_link}
            </Button>
            <Button onPress={onClose}>{words.cancel}</Button>
          </Buttons>
        </Form>
      )}
    </Dialog>
  );
}
