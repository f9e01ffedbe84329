import { duration } from "../format";
import { texts } from "../texts";

export const signInWords = texts({
  title: "Sign in",
  title_named: (host: string) => `Sign in to ${host}`,
  email: "E-mail",
  password: "Password",
  show_password: "Show the password",
  hide_password: "Hide the password",
  submit: "Sign in",
  code: "Code",
  code_title: "Second factor",
  code_hint: "Six digits of your authenticator program, or one of your recovery codes.",
  other_account: "Use another account",
  wait: (seconds: number) => `Too many attempts. The next one is taken in ${duration(seconds)}.`,
  wait_over: "You can try again now.",
  sso: "Sign in with single sign-on",
  sso_org: "Organisation",
  sso_hint: "The key of your organisation, as in the address of its pages.",
  sso_provider: "Identity provider",
  sso_provider_hint: "Its key, as your organisation has told you.",
  sso_submit: "Continue",
  sso_back: "Sign in with a password",
  bad_origin: "This page was opened at another address than the one that the control plane is known under.",
  old_browser:
    "This browser is older than what the dashboard is tested with (Chrome and Edge 120, Firefox 135, Safari 18.4). Large numbers may not be shown exactly.",
  setup_hint: "A new installation has no accounts. This command prints a link for its first owner:",
  nobody: "Is this a new installation?",
});
