// Whether the environment wants approvals first, by the findings of a dry run. Pure.
export const wantsApproval = (warnings: readonly { code: string }[] | undefined): boolean =>
  warnings?.some((warning) => warning.code === "approval_required") ?? false;
