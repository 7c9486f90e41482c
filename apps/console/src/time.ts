import type { Language } from './api.js';
import { isTextKey, texts } from './texts.js';

/** Where what belongs to no round is told in: meetings, sessions, keys. */
export const allianceZone = 'Asia/Shanghai';

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' };

interface Parts {
  readonly day: string;
  readonly clock: string;
}

function partsOf(at: Date, zone: string, language: Language): Parts {
  const day = new Intl.DateTimeFormat(locales[language], { timeZone: zone, year: 'numeric', month: 'short', day: 'numeric' });
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return { day: day.format(at), clock: clock.format(at) };
}

/** An instant in the alliance's zone. */
export function instant(iso: string, zone: string, language: Language): string {
  const { day, clock } = partsOf(new Date(iso), zone, language);
  return `${day} ${clock}`;
}

export function zoneName(zone: string, language: Language): string {
  const key = `zone.${zone}`;
  return isTextKey(key) ? texts[key][language] : zone;
}

/** A deadline as it stands in a sentence: the zone is never left to be guessed. */
export const deadline = (iso: string, zone: string, language: Language): string =>
  `${lastMoment(iso, zone, language)} ${zoneName(zone, language)}`;

/** A deadline is before an instant: midnight is the end of the day before, which is how people read it. */
export function lastMoment(iso: string, zone: string, language: Language): string {
  const at = new Date(iso);
  const { day, clock } = partsOf(at, zone, language);
  if (clock !== '00:00') return `${day} ${clock}`;
  return `${partsOf(new Date(at.getTime() - 60_000), zone, language).day} 24:00`;
}

/** From an instant until before another; whole days by their dates alone. */
export function period(from: string, until: string, zone: string, language: Language): string {
  const [first, last] = [partsOf(new Date(from), zone, language), partsOf(new Date(Date.parse(until) - 60_000), zone, language)];
  const isWhole = first.clock === '00:00' && last.clock === '23:59';
  const begin = isWhole ? first.day : `${first.day} ${first.clock}`;
  if (isWhole && first.day === last.day) return begin;
  return `${begin} – ${isWhole ? last.day : lastMoment(until, zone, language)}`;
}

/** The calendar day of an instant in a zone, `YYYY-MM-DD`. */
export const dayIn = (iso: string, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(iso));

export type Urgency = 'overdue' | 'soon' | 'later';
const soonMs = 2 * 86_400_000;

export function urgencyOf(iso: string): Urgency {
  const left = Date.parse(iso) - Date.now();
  if (left < 0) return 'overdue';
  return left < soonMs ? 'soon' : 'later';
}

/** `2026-11-26T16:00:00.000Z` inside a sentence. */
export const instantInText = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z/g;

const dayMs = 86_400_000;

/** The instant at which a calendar day begins in a zone. */
export function startOfDay(day: string, zone: string): string {
  const there = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const asIfUtc = Date.parse(day);
  const offset = Date.parse(`${there.format(asIfUtc).replace(' ', 'T')}Z`) - asIfUtc;
  return new Date(asIfUtc - offset).toISOString();
}

/** The first instant after a calendar day in a zone: before it is until 24:00 of that day. */
export const endOfDay = (day: string, zone: string): string =>
  startOfDay(new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10), zone);
