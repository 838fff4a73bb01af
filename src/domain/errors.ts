/** The closed set of ways a request can go wrong. `src/web/errors.ts` holds the one table code → status and page. */
export const ERROR_CODES = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media',
  'too_many',
  'unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * A request that cannot be served. `key` names the words for the person (`errors.<key>.title|text|fix` in
 * `config/messages`), `params` fill them; `cause` goes to the log only.
 * Expected outcomes (a badge that will not verify) are values, never this.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    key: string,
    params: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(`${code}: ${key}`, options);
    this.name = 'AppError';
    this.code = code;
    this.key = key;
    this.params = params;
  }
}

/** The storage cannot be opened at the start. `message` is one line that tells the operator what is wrong. */
export class StoreOpenError extends Error {
  readonly reason:
    | 'newer'
    | 'not-writable'
    | 'not-a-database'
    | 'busy'
    | 'damaged'
    | 'unreachable'
    | 'standalone';

  constructor(reason: StoreOpenError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreOpenError';
    this.reason = reason;
  }
}
