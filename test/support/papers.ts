import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FilesOnDisk } from '#kernel';
import { described, pdfSaying } from '../../apps/server/rehearsal.papers.js';

const pdfs = {
  syllabus: pdfSaying('Syllabus'),
  newSyllabus: pdfSaying('Syllabus, revised'),
  calendars: pdfSaying('Teaching calendars'),
  platformData: pdfSaying('Data of the platform'),
  evidence: pdfSaying('Evidence'),
};

/** Files that are handed in, as forms name them. A server has them once `handedIn` has put them where it looks. */
export const papers = {
  syllabus: described(pdfs.syllabus),
  newSyllabus: described(pdfs.newSyllabus),
  calendars: described(pdfs.calendars),
  platformData: described(pdfs.platformData),
  evidence: described(pdfs.evidence),
};

/** Puts them into the data folder of a server, as if they had been uploaded. */
export async function handedIn(dataDir: string): Promise<void> {
  const files = new FilesOnDisk(join(dataDir, 'files'));
  for (const pdf of Object.values(pdfs)) await files.put(Readable.from([pdf]));
}

/** The same body, naming a paper wherever it names a file. */
export const namingPapers = (body: object): object =>
  JSON.parse(JSON.stringify(body), (_name, value: { readonly mediaType?: string } | null) =>
    typeof value === 'object' && value?.mediaType !== undefined ? { ...value, ...papers.evidence } : value,
  ) as object;
