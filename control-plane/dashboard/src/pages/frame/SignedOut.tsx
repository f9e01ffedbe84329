import { contactStore } from "../../api/contact";
import { queries } from "../../api/query";
import { SignInForm } from "../../parts/SignInForm";
import { frameWords } from "../../text/en/frame";
import { Dialog } from "../../ui/Dialog";

// Over the page, which stays as it is.
export default function SignedOut() {
  const goOn = () => {
    contactStore.signedIn();
    void queries.invalidateQueries();
  };
  return (
    <Dialog title={frameWords.signed_out} isOpen isDismissable={false} onClose={() => undefined}>
      <p>{frameWords.signed_out_detail}</p>
      <SignInForm onDone={goOn} />
    </Dialog>
  );
}
