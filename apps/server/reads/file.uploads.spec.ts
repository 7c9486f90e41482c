import { expect, test } from '@jest/globals';
import { fileBytesAtMost, type StoredFile, VirtualClock } from '#kernel';
import { Uploads } from './file.uploads.js';

const hourMs = 3_600_000;
const file = (bytes: number) => async (): Promise<StoredFile> => ({ sha256: 'ab', bytes, mediaType: 'application/pdf' });
const many = { status: 429, code: 'file.too-many' };

async function sent(uploads: Uploads, person: string, count: number, bytes: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await uploads.take(person, file(bytes));
}

test('a person sends a thousand files a day, and goes on a day after the first; nobody else is held up', async () => {
  const clock = new VirtualClock(0);
  const uploads = new Uploads(clock);
  await sent(uploads, 'person-1', 999, 1);
  clock.advanceTo(hourMs);
  await uploads.take('person-1', file(1));
  const refused = uploads.take('person-1', file(1));
  await expect(refused).rejects.toMatchObject({ ...many, headers: { 'retry-after': String((23 * hourMs) / 1000) } });
  await uploads.take('person-2', file(1));
  clock.advanceTo(24 * hourMs);
  await sent(uploads, 'person-1', 999, 1);
  await expect(uploads.take('person-1', file(1))).rejects.toMatchObject(many);
});

test('a person sends ten gigabytes a day, what is still arriving included; what is refused is a try and takes no room', async () => {
  const uploads = new Uploads(new VirtualClock(0));
  const arriving = Array.from({ length: 203 }, () => new Promise<StoredFile>(() => undefined));
  for (const one of arriving) void uploads.take('person-1', () => one);
  await uploads.take('person-1', file(1));
  await expect(uploads.take('person-1', file(fileBytesAtMost))).resolves.toMatchObject({ bytes: fileBytesAtMost });
  await expect(uploads.take('person-1', file(1))).rejects.toMatchObject(many);
  for (let n = 0; n < 500; n += 1)
    await expect(uploads.take('person-2', () => Promise.reject(new Error('of a type that is refused')))).rejects.toThrow(
      'refused',
    );
  await uploads.take('person-2', file(1));
});
