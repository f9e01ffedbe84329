import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { removeFactor, renewCodes, secondFactorQuery } from "../../api/queries/second_factor";
import { Load } from "../../parts/Load";
import { Buttons, Section } from "../../parts/PageHead";
import { words } from "../../text/en";
import { meWords } from "../../text/en/me";
import { exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Status } from "../../ui/Status";
import { CodeForm } from "./CodeForm";
import { EnrolFactor, RecoveryCodes } from "./EnrolFactor";

type Asking = "none" | "enrol" | "renew" | "remove";

export function SecondFactor() {
  const query = useQuery(secondFactorQuery);
  const [asking, setAsking] = useState<Asking>("none");
  const [codes, setCodes] = useState<string[]>();
  const close = () => {
    setAsking("none");
    setCodes(undefined); // never kept longer than they are shown
  };
  return (
    <Section title={meWords.factor}>
      <Load query={query} rows={1}>
        {(factor) =>
          factor.enabled ? (
            <>
              <Status
                kind="on"
                text={meWords.factor_on(exactTime(factor.enabled_at ?? 0), factor.recovery_codes_left)}
              />
              <Buttons>
                <Button onPress={() => setAsking("renew")}>{meWords.factor_new_codes}</Button>
                <Button kind="danger" onPress={() => setAsking("remove")}>
                  {meWords.factor_remove}
                </Button>
              </Buttons>
            </>
          ) : (
            <>
              <p>{meWords.factor_none}</p>
              <Buttons>
                <Button onPress={() => setAsking("enrol")}>{meWords.factor_set_up}</Button>
              </Buttons>
            </>
          )
        }
      </Load>
      {asking === "enrol" && <EnrolFactor onClose={close} />}
      {asking === "renew" && (
        <Dialog title={codes ? meWords.factor_codes : meWords.factor_new_codes} isOpen onClose={close}>
          {codes ? (
            <RecoveryCodes codes={codes} onDone={close} />
          ) : (
            <CodeForm
              submit={words.create}
              onSubmit={async (code) => setCodes((await renewCodes(code)).recovery_codes)}
              onCancel={close}
            />
          )}
        </Dialog>
      )}
      {asking === "remove" && (
        <Dialog title={meWords.factor_remove} isOpen onClose={close}>
          <CodeForm
            submit={meWords.factor_remove}
            isDanger
            onSubmit={async (code) => {
              await removeFactor(code);
              close();
            }}
            onCancel={close}
          />
        </Dialog>
      )}
    </Section>
  );
}
