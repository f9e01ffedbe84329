import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createRole, rolesQuery } from "../../api/queries/roles";
import { permissionsAt } from "../../model/index";
import { keyOf } from "../../parts/key_of";
import { Buttons } from "../../parts/PageHead";
import { PermissionChoice } from "../../parts/PermissionChoice";
import { useGo } from "../../parts/page";
import { roleOptions } from "../../parts/roles";
import { accessTo, useMe } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { roleWords as texts } from "../../text/en/roles";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";

export function NewRole({ org, onClose }: { org: string; onClose: () => void }) {
  const go = useGo();
  const access = accessTo(useMe(), org);
  const held = access ? permissionsAt(access, {}) : [];
  const roles = useQuery(rolesQuery(org)).data ?? [];
  const [name, setName] = useState("");
  const [key, setKey] = useState<string>(); // once it is not that of the name
  const [description, setDescription] = useState("");
  const [like, setLike] = useState("viewer");
  const [permissions, setPermissions] = useState<string[]>(["read"]);
  const attempt = useAttempt();
  const begin = (role: string) => {
    setLike(role);
    const given = roles.find((one) => one.key === role)?.permissions ?? [];
    setPermissions(given.filter((permission) => held.includes(permission)));
  };
  const create = () =>
    attempt.run(async (intention) => {
      const given = { key: key ?? keyOf(name), name, description, permissions: permissions as never };
      const made = await createRole(org, given, intention);
      toast(texts.created(made.name || made.key));
      go(paths.role(org, made.key), true);
    });
  const problem = attempt.apartFrom(["/key", "/name", "/description", "/permissions"]);
  return (
    <Dialog title={texts.new} size="wide" isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void create()}>
        <Field label={texts.name} value={name} onChange={setName} error={attempt.at("/name")} autoFocus />
        <Field
          label={texts.key}
          hint={texts.key_hint}
          isCode
          value={key ?? keyOf(name)}
          onChange={setKey}
          error={attempt.at("/key")}
        />
        <Field
          label={texts.description}
          isOptional
          rows={2}
          value={description}
          onChange={setDescription}
          error={attempt.at("/description")}
        />
        <Select label={texts.like} options={roleOptions(roles)} value={like} onChange={begin} />
        <PermissionChoice
          label={texts.permissions}
          offered={held}
          chosen={permissions}
          onChange={setPermissions}
          error={attempt.at("/permissions")}
        />
        {problem && <FormError>{problem}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isPending={attempt.isBusy}>
            {texts.create}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
