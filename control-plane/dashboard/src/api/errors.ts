// What a request can end with instead of an answer.

export interface FieldError {
  pointer: string;
  item?: string | undefined;
  code: string;
  detail: string;
}

// The control plane refused (RFC 9457).
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly errors: readonly FieldError[];
  readonly requestId: string;

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    rest: {
      errors?: readonly FieldError[];
      requestId?: string;
      retryAfter?: number;
      current?: unknown;
      etag?: string;
    } = {},
  ) {
    super(detail || title);
    this.errors = rest.errors ?? [];
    this.requestId = rest.requestId ?? "";
    this.retryAfter = rest.retryAfter;
    this.current = rest.current;
    this.etag = rest.etag;
  }

  readonly retryAfter: number | undefined; // seconds
  readonly current: unknown; // of 412: the resource as it is now
  readonly etag: string | undefined;

  get code(): string {
    return this.errors[0]?.code ?? "";
  }

  has(code: string): boolean {
    return this.errors.some((error) => error.code === code);
  }

  // What is wrong with one field, and with what is inside it.
  at(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))?.detail;
  }

  // What belongs to no field of `pointers`.
  apartFrom(pointers: readonly string[]): string | undefined {
    const is_shown = (error: FieldError) =>
      pointers.some((pointer) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`));
    if (this.errors.length === 0) return this.detail;
    const others = this.errors.filter((error) => !is_shown(error));
    return others.length === 0 ? undefined : others.map((error) => error.detail).join("; ");
  }
}

// The control plane did not answer.
export class OfflineError extends Error {
  override readonly name = "OfflineError";
}

// A file of the page is not there, and another page has not got it either.
export class GoneError extends Error {
  override readonly name = "GoneError";
}

export function isProblem(error: unknown, status?: number): error is ProblemError {
  return error instanceof ProblemError && (status === undefined || error.status === status);
}

interface ProblemBody {
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: FieldError[];
}

export function problemOf(response: Response, body: unknown): ProblemError {
  const is_problem = response.headers.get("Content-Type")?.startsWith("application/problem+json") ?? false;
  const given = (is_problem && typeof body === "object" && body !== null ? body : {}) as ProblemBody;
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new ProblemError(response.status, given.title ?? response.statusText, given.detail ?? "", {
    errors: given.errors ?? [],
    requestId: given.request_id ?? response.headers.get("X-Request-Id") ?? "",
    ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
    ...(is_problem ? {} : { current: body }),
    ...(response.headers.has("ETag") ? { etag: response.headers.get("ETag") as string } : {}),
  });
}
