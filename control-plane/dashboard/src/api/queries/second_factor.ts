// The second factor of one's own account.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { queries } from "../query";

export const secondFactorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/auth/second-factor", { signal })),
});

const changed = async <T>(call: Promise<T>): Promise<T> => {
  const answer = await call;
  await queries.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
  return answer;
};

export const beginFactor = (password: string) => body(api.POST("/api/v1/auth/second-factor", { body: { password } }));
export const confirmFactor = (code: string) =>
  changed(body(api.POST("/api/v1/auth/second-factor/confirm", { body: { code } })));
export const renewCodes = (code: string) =>
  changed(body(api.POST("/api/v1/auth/second-factor/recovery-codes", { body: { code } })));
export const removeFactor = (code: string) =>
  changed(body(api.POST("/api/v1/auth/second-factor/disable", { body: { code } })));
