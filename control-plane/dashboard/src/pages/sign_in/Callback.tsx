import { apiUrl } from "../../api/base";
import { Muted } from "../../parts/PageHead";
import { signOnWords as texts } from "../../text/en/sign_on";
import { CopyText } from "../../ui/CopyText";

// What has to be entered at the provider.
export function Callback() {
  return (
    <div>
      <Muted>{texts.callback}</Muted>
      <CopyText text={apiUrl("/auth/sign-on/callback")} isBlock />
    </div>
  );
}
