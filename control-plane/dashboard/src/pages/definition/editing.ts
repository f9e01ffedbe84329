// What the parts of the page edit.
import type { Place } from "../../api/queries/flags";
import type { DefinitionInstruction, DefinitionState, FlagDefinition } from "../../model/index";

export interface Editing {
  place: Place;
  flag: FlagDefinition; // as the draft makes it
  configs: DefinitionState["configs"];
  held: readonly string[]; // keys of variations that the server knows
  mayEdit: boolean; // what only people see
  mayServe: boolean; // what programs see, in all environments
  change: (instructions: readonly DefinitionInstruction[], merge?: string) => void;
  // What cannot be read, or undefined where it can be again; nothing is published meanwhile.
  onFault: (field: string, fault: string | undefined) => void;
}
