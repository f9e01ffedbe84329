import { list, plural } from "../format";
import { texts } from "../texts";

export const graphWords = texts({
  title: "Who requires whom",
  detail: "A flag with prerequisites is off where one of them serves something else.",
  environment: "Environment",
  flag: "Flag",
  all: "All flags with prerequisites",
  none: "No flag requires another here",
  none_detail: "Prerequisites are added in the targeting of a flag.",
  none_of: (flag: string) => `${flag} requires no flag here, and none requires it`,
  needs: (flag: string) => `${flag} requires`,
  needed_by: (flag: string) => `${flag} is required by`,
  nothing: "No flag.",
  drawing: "Drawing",
  drawing_of: (n: number) => `${plural(n, "flag", "flags")}; each is to the right of what it requires`,
  too_many: (most: number) => `More than ${most} flags are not drawn: choose one.`,
  table: "Requirements",
  requiring: "Flag",
  required: "Requires",
  variations: "To serve",
  to_serve: (variations: readonly string[]) => `to serve ${list(variations)}`,
});
