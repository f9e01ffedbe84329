import { useState } from "react";
import { type Preferences as Chosen, savePreferences } from "../../api/queries/me";
import { keepLook } from "../../parts/look";
import { PageBody, Section } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { usePreferences } from "../../parts/session";
import { meWords } from "../../text/en/me";
import { Choice } from "../../ui/Choice";
import { ComboBox } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { MePage } from "./MePage";

const zones = Intl.supportedValuesOf("timeZone").map((id) => ({ id, label: id }));
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export default function Preferences() {
  const chosen = usePreferences();
  const [zone, setZone] = useState(chosen.timeZone ?? "");
  const save = async (changes: Chosen) => {
    keepLook({ ...chosen, ...changes });
    try {
      await savePreferences(changes);
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  return (
    <MePage current="preferences">
      <PageBody isNarrow>
        <Section title={meWords.preferences}>
          <Choice
            label={meWords.theme}
            value={chosen.theme ?? "system"}
            onChange={(theme) => void save({ theme })}
            options={[
              { id: "system", label: meWords.theme_system },
              { id: "light", label: meWords.theme_light },
              { id: "dark", label: meWords.theme_dark },
            ]}
          />
          <Choice
            label={meWords.contrast}
            value={chosen.contrast ?? "normal"}
            onChange={(contrast) => void save({ contrast })}
            options={[
              { id: "normal", label: meWords.contrast_normal },
              { id: "more", label: meWords.contrast_more },
            ]}
          />
          <Choice
            label={meWords.density}
            value={chosen.density ?? "normal"}
            onChange={(density) => void save({ density })}
            options={[
              { id: "normal", label: meWords.density_normal },
              { id: "compact", label: meWords.density_compact },
            ]}
          />
          <Choice
            label={meWords.motion}
            value={chosen.motion ?? "normal"}
            onChange={(motion) => void save({ motion })}
            options={[
              { id: "normal", label: meWords.motion_normal },
              { id: "none", label: meWords.motion_none },
            ]}
          />
          <ComboBox
            label={meWords.zone}
            options={zones}
            value={chosen.timeZone ?? null}
            input={zone}
            onInput={setZone}
            onChange={(timeZone) => void save(timeZone ? { timeZone } : {})}
            hint={meWords.zone_browser(browserZone)}
          />
        </Section>
        <Section title={meWords.letter_keys} detail={meWords.letter_keys_detail}>
          <Switch isOn={chosen.letterKeys ?? true} onChange={(letterKeys) => void save({ letterKeys })}>
            {meWords.letter_keys}
          </Switch>
        </Section>
      </PageBody>
    </MePage>
  );
}
