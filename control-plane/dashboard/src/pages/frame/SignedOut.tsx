import { useRouterState } from "@tanstack/react-router";
import { contactStore } from "../../api/contact";
import { queries } from "../../api/query";
import { useGo } from "../../parts/page";
import { SignInForm } from "../../parts/SignInForm";
import { paths } from "../../paths";
import { frameWords } from "../../text/en/frame";
import { signInWords } from "../../text/en/signin";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

// Over the page, which stays as it is.
export default function SignedOut() {
  const go = useGo();
  const here = useRouterState({ select: (state) => state.location.href });
  const goOn = () => {
    contactStore.signedIn();
    void queries.invalidateQueries();
  };
  // An identity provider takes the whole window; drafts and forms are there again on the way back.
  const leave = () => {
    contactStore.signedIn();
    go(paths.signIn(here.split("#")[0]) + window.location.hash);
  };
  return (
    <Dialog title={frameWords.signed_out} isOpen isDismissable={false} onClose={() => undefined}>
      <p>{frameWords.signed_out_detail}</p>
      <SignInForm onDone={goOn} />
      <Button kind="quiet" onPress={leave}>
        {signInWords.sso}
      </Button>
    </Dialog>
  );
}
