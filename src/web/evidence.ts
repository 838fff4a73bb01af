import type { RequestHandler } from 'express';
import type { Services } from '../services/services.ts';
import { liveViewer } from './session.ts';

const SIGNATURES = [
  { type: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
] as const;

/**
 * What a student handed in is hostile until proven otherwise: only real PNG and JPEG pictures are shown, as exactly that;
 * everything else is a download. Neither may run anything on our address.
 */
export function sendEvidence(services: Services): RequestHandler<{ evidenceId: string }> {
  return async (req, res) => {
    const { meta, bytes } = await services.courseViews.evidenceFile(liveViewer(res), req.params.evidenceId);
    const picture = SIGNATURES.find(({ bytes: start }) => start.every((byte, at) => bytes[at] === byte));
    res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox; frame-ancestors 'none'");
    res.setHeader('Cache-Control', 'private, no-store');
    if (picture === undefined) res.attachment(meta.fileName);
    res.setHeader('Content-Type', picture?.type ?? 'application/octet-stream');
    res.send(Buffer.from(bytes));
  };
}
