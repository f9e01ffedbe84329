import { oneOf, text } from "../../search";

export const ranges = {
  "1h": { seconds: 3_600, step: "minute" },
  "24h": { seconds: 86_400, step: "hour" },
  "7d": { seconds: 7 * 86_400, step: "hour" },
  "30d": { seconds: 30 * 86_400, step: "day" },
  "90d": { seconds: 90 * 86_400, step: "day" },
} as const;
export type RangeId = keyof typeof ranges;
export const rangeIds = Object.keys(ranges) as RangeId[];
export const bys = ["variation", "version", "reason", "sdk", "rule"] as const;

export const schema = {
  env: text,
  flag: text,
  range: oneOf("1h", "24h", "7d", "30d", "90d"),
  by: oneOf(...bys),
  as: oneOf("share", "lines"),
};
