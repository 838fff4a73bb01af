import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { isWithStudent } from '../domain/submission.ts';
import { timeText } from './dates.ts';
import { sendEvidence } from './evidence.ts';
import { readBody, textField } from './form-body.ts';
import { contextOf } from './page-context.ts';
import { sendReport } from './report-download.ts';
import type { WebDeps } from './server.ts';
import { homeOf, knownViewer, liveViewer } from './session.ts';
import { shsmDates } from './shsm-dates.ts';
import { studentForm } from './student-form.ts';
import { studentHome } from './student-home.ts';
import { sendReadingStatus, studentReading } from './student-reading.ts';
import { doneOf, studentResult } from './student-result.ts';
import { readSubmissionForm } from './submission-body.ts';
import { acceptUpload, uploadOf } from './uploads.ts';

type Id = { id: string };
const withdrawal = z.object({ version: z.coerce.number().int() });
const otherAddress = z.object({ email: textField });
const choice = withdrawal.extend({ award: textField });
const tooBig = { field: 'file', key: 'problems.file-too-big', params: {} };

/** A student's pages: the checklist, the form, and what came of each badge. */
export function studentRoutes(deps: WebDeps): RequestHandler {
  const { services, sessions, pages } = deps;
  const { submitBadge, courseViews } = services;
  const router = Router({ mergeParams: true });
  const form = studentForm(deps);
  const dates = shsmDates(deps);

  /** A session that is over still says whose words these are: they are kept, and the page says so. */
  const keepWordsIfOver: RequestHandler<Id> = async (req, res, next) => {
    const { session } = contextOf(res);
    if (session?.live) return next();
    const typed = readSubmissionForm(req.body, uploadOf(res).file);
    const kept = await submitBadge.saveDraft(knownViewer(res), req.params.id, typed);
    throw new AppError(
      'unauthenticated',
      isWithStudent(kept.state) ? 'errors.session-over-saved' : 'errors.session-over',
    );
  };
  const words = [sessions.requireKnown, acceptUpload, sessions.requireToken, keepWordsIfOver];

  router.post<Id>('/submissions/:id', ...words, async (req, res) => {
    const viewer = liveViewer(res);
    const { file, tooBig: fileTooBig } = uploadOf(res);
    const typed = readSubmissionForm(req.body, file);
    const here = `${homeOf(viewer)}/submissions/${encodeURIComponent(req.params.id)}`;
    if (fileTooBig)
      return form.showProblems(res, await submitBadge.saveDraft(viewer, req.params.id, typed), [tooBig]);
    if (req.body?.action === 'save') {
      await submitBadge.saveDraft(viewer, req.params.id, typed);
      return res.redirect(303, here);
    }
    const result = await submitBadge.submit(viewer, req.params.id, typed);
    if (result.kind === 'problems') return form.showProblems(res, result.submission, result.problems);
    res.redirect(303, result.kind === 'submitted' ? `${here}?done=submitted` : here);
  });

  router.post<Id>('/submissions/:id/draft', ...words, async (req, res) => {
    const typed = readSubmissionForm(req.body, null);
    const draft = await submitBadge.saveDraft(liveViewer(res), req.params.id, typed);
    if (!isWithStudent(draft.state)) throw new AppError('conflict', 'errors.already-handed-in');
    const { locale } = contextOf(res);
    const time = timeText(locale, draft.updatedAt);
    res.type('text').send(pages.say(locale, 'student.form.saved', { time }));
  });

  router.use(sessions.requireLive('student'));
  router.get('/', studentHome(deps));
  router.get('/dates', dates.show);
  router.post('/dates', sessions.requireToken, dates.save);
  router.get('/new', (_req, res) => form.showEmpty(res, deps.newId()));
  router.get<Id>('/submissions/:id', async (req, res) => {
    const view = await courseViews.submissionView(liveViewer(res), req.params.id);
    const { state, reading } = view.submission;
    if (isWithStudent(state)) form.show(res, view);
    else if (state === 'submitted' && reading !== null) await studentReading(deps, res, { ...view, reading });
    else studentResult(deps, res, view, doneOf(req.query['done']));
  });
  router.get<Id>('/submissions/:id/reading', sendReadingStatus(deps));
  router.post<Id>('/submissions/:id/change', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    const { id } = req.params;
    await submitBadge.reopen(viewer, id, readBody(withdrawal, req.body).version);
    res.redirect(303, `${homeOf(viewer)}/submissions/${encodeURIComponent(id)}`);
  });
  router.post<Id>('/submissions/:id/address', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    const { id } = req.params;
    const { email } = readBody(otherAddress, req.body);
    const result = await services.confirmAddress(viewer, id, email);
    if (result.kind === 'matched')
      return res.redirect(303, `${homeOf(viewer)}/submissions/${encodeURIComponent(id)}?done=address`);
    const view = await courseViews.submissionView(viewer, id);
    studentResult(deps, res, view, { problems: result.problems, typedEmail: email });
  });
  router.post<Id>('/submissions/:id/award', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    const { id } = req.params;
    const { version, award } = readBody(choice, req.body);
    const result = await services.chooseAward(viewer, id, version, award);
    if (result.kind === 'chosen')
      return res.redirect(303, `${homeOf(viewer)}/submissions/${encodeURIComponent(id)}?done=read`);
    const view = await courseViews.submissionView(viewer, id);
    studentResult(deps, res, view, { problems: result.problems });
  });
  router.post<Id>('/submissions/:id/withdraw', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    await submitBadge.withdraw(viewer, req.params.id, readBody(withdrawal, req.body).version);
    res.redirect(303, `${homeOf(viewer)}?done=withdrawn`);
  });
  router.get<Id>('/submissions/:id/report', sendReport(services));
  router.get('/evidence/:evidenceId', sendEvidence(services));
  return router;
}
