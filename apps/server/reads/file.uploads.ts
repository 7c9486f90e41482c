import { type Clock, fileBytesAtMost, type StoredFile } from '#kernel';
import { DoorRefusal } from '../http/problem.js';

const dayMs = 86_400_000;
const atMost = { files: 1_000, bytes: 10 * 1024 ** 3 } as const;

interface Upload {
  readonly atMs: number;
  /** While it arrives, as much as it may come to. */
  bytes: number;
}

/** What each person may send in a day, so that nobody fills the disk. Counted in this process: a restart begins anew. */
export class Uploads {
  private readonly perPerson = new Map<string, readonly Upload[]>();

  constructor(private readonly clock: Clock) {}

  /** Takes a file from a person. @throws DoorRefusal file.too-many */
  async take(person: string, put: () => Promise<StoredFile>): Promise<StoredFile> {
    const now = this.clock.now();
    const before = this.within(person, now);
    const bytes = before.reduce((sum, upload) => sum + upload.bytes, 0);
    const [oldest] = before;
    if (oldest !== undefined && (before.length >= atMost.files || bytes + fileBytesAtMost > atMost.bytes))
      throw tooMany(oldest.atMs + dayMs - now);
    const upload: Upload = { atMs: now, bytes: fileBytesAtMost };
    this.perPerson.set(person, [...before, upload]);
    try {
      const stored = await put();
      upload.bytes = stored.bytes;
      return stored;
    } catch (failure) {
      upload.bytes = 0;
      throw failure;
    }
  }

  /** What a person has sent in the last day; of anybody else who has sent nothing since, nothing is kept. */
  private within(person: string, now: number): readonly Upload[] {
    for (const [other, uploads] of this.perPerson)
      if (uploads.every(({ atMs }) => atMs <= now - dayMs)) this.perPerson.delete(other);
    return (this.perPerson.get(person) ?? []).filter(({ atMs }) => atMs > now - dayMs);
  }
}

function tooMany(retryAfterMs: number): DoorRefusal {
  const hours = Math.ceil(retryAfterMs / 3_600_000);
  const gigabytes = atMost.bytes / 1024 ** 3;
  return new DoorRefusal(
    429,
    'file.too-many',
    {
      en: `You have sent ${atMost.files} files or nearly ${gigabytes} GB within a day. Send the rest in ${hours} hours.`,
      zh: `您在一天内已上传 ${atMost.files} 个文件或将近 ${gigabytes} GB，请于 ${hours} 小时后再上传其余文件。`,
    },
    { atMost },
    { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
  );
}
