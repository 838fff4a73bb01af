/**
 * JSON log. ERROR: a person must act. WARN: something failed and will be tried again. INFO: what happened, once a request.
 * Fields carry ids and codes; never a name, an e-mail, a reflection, a token or an address of a badge.
 */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
