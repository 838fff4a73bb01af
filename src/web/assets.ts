import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestHandler, Router } from 'express';

const FILES = {
  'app.css': 'text/css',
  'app.js': 'text/javascript',
  'lti.js': 'text/javascript',
  'icon.svg': 'image/svg+xml',
} as const;
export type AssetName = keyof typeof FILES;

export type Assets = {
  readonly router: RequestHandler;
  /** The address with the hash of the content in it, good for ever. */
  readonly address: (name: AssetName) => string;
};

/** The few files that pages load, read once. An address with the right hash may be kept for a year; any other must ask again. */
export function loadAssets(viewsDir: string): Assets {
  const router = Router();
  const hashes = new Map<AssetName, string>();
  for (const [name, type] of Object.entries(FILES) as [AssetName, string][]) {
    const bytes = readFileSync(join(viewsDir, 'assets', name));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    hashes.set(name, hash);
    router.get(`/${name}`, (req, res) => {
      const current = req.query['v'] === hash;
      res.setHeader('Cache-Control', current ? 'public, max-age=31536000, immutable' : 'no-cache');
      res.setHeader('Content-Type', `${type}; charset=utf-8`);
      res.send(bytes);
    });
  }
  return { router, address: (name) => `/assets/${name}?v=${hashes.get(name) ?? ''}` };
}
