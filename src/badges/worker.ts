import { parentPort } from 'node:worker_threads';
import { readBakedPng } from './baked-png.ts';
import { readBakedSvg } from './baked-svg.ts';
import { stepAside } from './step-aside.ts';
import type { Job } from './workshop.ts';

stepAside();

/** Libraries are loaded by the first job that needs them: most badges need none of them. */
async function work(job: Job): Promise<unknown> {
  switch (job.task) {
    case 'png':
      return readBakedPng(job.input);
    case 'svg':
      return readBakedSvg(job.input);
    case 'pdf':
      return (await import('./pdf.ts')).readPdfContent(job.input);
    case 'pdfPages':
      return (await import('./pdf-pages.ts')).drawPdfPages(job.input.bytes, job.input.count);
    case 'picture':
      return (await import('./picture.ts')).readPictureContent(job.input);
    case 'turnOver':
      return (await import('./picture.ts')).turnOver(job.input);
    case 'page':
      return (await import('./page.ts')).readPage(job.input);
    case 'proof':
      return (await import('./verify-proof.ts')).verifyProof(job.input);
  }
}

parentPort?.on('message', async (job: Job) => {
  try {
    parentPort?.postMessage({ ok: true, result: await work(job) });
  } catch {
    parentPort?.postMessage({ ok: false });
  }
});
