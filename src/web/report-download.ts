import type { RequestHandler } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Services } from '../services/services.ts';
import { liveViewer } from './session.ts';

/** What was read, checked and proposed, as the reports of the operator interface: for whoever wants to keep or question it. */
export function sendReport(services: Services): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const { submission } = await services.courseViews.submissionView(liveViewer(res), req.params.id);
    const { id, sectorId, credential, placement } = submission;
    if (credential === null) throw new AppError('not_found', 'errors.not_found');
    res.attachment('badge-report.json');
    res
      .type('application/json')
      .send(JSON.stringify({ submission: id, sector: sectorId, credential, placement }, null, 2));
  };
}
