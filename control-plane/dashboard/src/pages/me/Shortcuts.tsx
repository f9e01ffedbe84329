import { KeyList } from "../../parts/KeyList";
import { Muted, PageBody } from "../../parts/PageHead";
import { meWords } from "../../text/en/me";
import { MePage } from "./MePage";

export default function Shortcuts() {
  return (
    <MePage current="shortcuts">
      <PageBody isNarrow>
        <Muted>{meWords.shortcuts_detail}</Muted>
        <KeyList />
      </PageBody>
    </MePage>
  );
}
