/** Times as scenarios write them, `2026-03-02 09:00`, in a zone of fixed distance from UTC. `24:00` is the end of that day. */
export class LocalTime {
  constructor(private readonly utcOffsetMinutes: number) {}

  /** In milliseconds since 1970 UTC. */
  parse(text: string): number {
    const [, date = '', hour = '', rest = ''] = /^(\S+) (\d{2})(.*)$/.exec(text) ?? [];
    const isEndOfDay = hour === '24';
    const atMs = Date.parse(`${date}T${isEndOfDay ? '00' : hour}${rest}Z`) + (isEndOfDay ? 86_400_000 : 0);
    if (Number.isNaN(atMs)) throw new Error(`"${text}" is not a time`);
    return atMs - this.utcOffsetMinutes * 60_000;
  }

  format(atMs: number): string {
    const [date = '', time = ''] = new Date(atMs + this.utcOffsetMinutes * 60_000).toISOString().slice(0, -1).split('T');
    return `${date} ${time.replace(/(:00)?\.000$/, '')}`;
  }
}
