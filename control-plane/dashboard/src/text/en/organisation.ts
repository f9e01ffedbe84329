import { count } from "../format";
import { texts } from "../texts";

export const organisationWords = texts({
  general: "General",
  name: "Name",
  saved: "Saved.",
  quotas: "Quotas",
  quotas_detail: "Only the operator of the installation changes them.",
  quota: {
    flags: "Flags",
    segments: "Segments",
    environments: "Environments",
    members: "Members",
    keys: "Keys",
    requests_per_second: "Requests to the API per second",
    events_per_day: "Evaluations and events today",
  },
  used: (used: number, limit: number | null) =>
    limit === null ? `${count(used)}, no limit` : `${count(used)} of ${count(limit)}`,
  nearly: "Nearly used up",
  retention: "Retention",
  retention_detail:
    "In days, 7 to 36,500. Empty: as the installation says. What is older is deleted and cannot be brought back.",
  retention_audit: "Audit log",
  retention_events: "Exposures and metric events",
  second_factor: "Second factor",
  optional: "Optional",
  required: "Required",
  second_factor_detail: "Where it is required, who has none may do nothing here until they have set one up.",
  delete: "Delete organisation",
  delete_detail: "All its projects, members, keys and tokens. It can be brought back for seven days.",
});
