import { Snippets } from "../../parts/Snippets";
import { FlagFrame } from "./FlagFrame";

export default function Code() {
  return <FlagFrame section="code">{(flag) => <Snippets flag={flag} />}</FlagFrame>;
}
