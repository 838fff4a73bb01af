import type { Response } from 'express';
import type { Locale } from '../domain/local-text.ts';

/** What the gateway needs of the pages around it. */
export type Pages = {
  /** The id that the error page and the log share. */
  readonly requestIdOf: (res: Response) => string;
  /** From here on, pages of this request are in this language. */
  readonly speak: (res: Response, locale: Locale) => void;
  /** A page that refuses this request may lead back to this address of the LMS (LTI Core §5.4.4). */
  readonly offerReturn: (res: Response, address: string) => void;
  /** A page of `views/`; its title is the text `<view, with full stops>.title`. */
  readonly show: (
    res: Response,
    view: string,
    data: Readonly<Record<string, unknown>>,
    status?: number,
  ) => void;
};
