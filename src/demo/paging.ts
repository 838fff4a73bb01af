import type { Request, Response } from 'express';

/**
 * The page that was asked for by `limit`, as far as the LMS goes along, and `offset`; announces the next one as `Link: <…>; rel="next"`
 * (AGS 2.0 §3.2.5, NRPS 2.0 §2.4). `offset` is ours: a tool takes the address as it is.
 */
export function page<T>(
  req: Request,
  res: Response,
  baseUrl: string,
  all: readonly T[],
  longest: number,
): readonly T[] {
  const limit = Math.min(positive(req.query['limit']) ?? longest, longest);
  const offset = positive(req.query['offset']) ?? 0;
  if (offset + limit < all.length) {
    const next = new URL(req.originalUrl, baseUrl);
    next.searchParams.set('limit', String(limit));
    next.searchParams.set('offset', String(offset + limit));
    res.set('link', `<${next.href}>; rel="next"`);
  }
  return all.slice(offset, offset + limit);
}

function positive(value: unknown): number | null {
  return typeof value === 'string' && /^[1-9]\d{0,5}$/.test(value) ? Number(value) : null;
}
