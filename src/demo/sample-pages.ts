import { Router } from 'express';
import { signedIn } from './course-pages.ts';
import type { Lms } from './lms.ts';
import type { Pages } from './pages.ts';
import { fullName } from './people.ts';
import type { Sample, Samples } from './samples.ts';

/** Where students find badges to try: their own, and those of somebody else. */
export function samplePages(lms: Lms, pages: Pages, samples: Samples): Router {
  const router = Router();

  router.get('/course/samples', (req, res) => {
    const visitor = signedIn(lms, req, res);
    if (visitor === null) return;
    const { locale } = visitor;
    const inLanguage = samples.all.filter((sample) => sample.locale === locale);
    // A teacher looks at what the first student has.
    const owner = visitor.person.kind === 'student' ? visitor.person : inLanguage[0]?.person;
    const asItem = ({ award, person, fileName, address }: Sample) => ({
      id: award.id,
      title: award.title[locale],
      note: award.note[locale],
      owner: fullName(person, locale),
      fileName,
      address,
      url: `/course/samples/${locale}/${person.id}/${fileName}`,
    });
    pages.showInCourse(req, res, {
      template: 'samples',
      at: 'samples',
      visitor,
      data: {
        name: owner === undefined ? '' : fullName(owner, locale),
        own: inLanguage.filter(({ person }) => person.id === owner?.id).map(asItem),
        others: inLanguage
          .filter(
            ({ person, award }) => person.id !== owner?.id && award.flaw === null && award.form !== 'picture',
          )
          .map(asItem),
      },
    });
  });

  router.get('/course/samples/:locale/:person/:file', async (req, res) => {
    const { locale, person, file } = req.params;
    const sample = samples.all.find(
      (one) => one.locale === locale && one.person.id === person && one.fileName === file,
    );
    if (sample === undefined) return pages.refuse(res, lms.sessions.visitor(req).locale, 404, 'not-found');
    res
      .type(sample.contentType)
      .attachment(sample.fileName)
      .send(await sample.bytes());
  });
  return router;
}
