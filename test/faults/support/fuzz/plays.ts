import { derivedUuid } from '#kernel';
import { alliance } from '../../../support/house.js';
import { papers } from '../../../support/papers.js';
import type { Random } from './random.js';
import type { FuzzRequest } from './requests.js';

export interface Parts {
  readonly secretary: number;
  readonly dean: number;
  /** Of the dean, by `moe_code`. */
  readonly institution: string;
  readonly outsider: number;
  /** Cases that anybody may object to now. */
  readonly published: readonly string[];
}

/** Right requests, as people send them: what the wrong ones between them must not disturb. */
export class Plays {
  private readonly courses: string[] = [];
  private readonly keys = new Map<number, { readonly key: string; readonly path: string }>();
  private days = 0;

  constructor(
    private readonly random: Random,
    private readonly parts: Parts,
  ) {}

  next(): FuzzRequest {
    const { random, parts } = this;
    const plays = [
      () => this.extension(),
      () => this.course(),
      () => this.person(),
      () => this.application(),
      () => this.draft(),
    ];
    if (parts.published.length > 0) plays.push(() => this.objection());
    return random.oneOf(plays)();
  }

  private extension(): FuzzRequest {
    this.days += 1;
    const until = new Date(Date.UTC(2026, 6, 1) + this.days * 86_400_000).toISOString();
    const data = { institution: this.parts.institution, until, reason: '校园网络故障。' };
    return this.command('round', `${alliance}.demonstration`, 'grant-extension', data, this.parts.secretary);
  }

  private course(): FuzzRequest {
    const { institution, dean } = this.parts;
    const id = this.uuid();
    this.courses.push(id);
    const leader = { leader: `person-${this.uuid()}`, leaderName: '容闳' };
    const data = {
      institution,
      title: { zh: '岭南古建筑' },
      kind: 'online',
      discipline: '08',
      credits: 2,
      hours: 32,
      runs: 4,
      ...leader,
    };
    return this.command('course', `${alliance}.${id}`, 'register-course', data, dean);
  }

  private application(): FuzzRequest {
    const { institution, dean } = this.parts;
    const form = { title: '岭南古建筑', kind: 'online', cycles: 4, inTrainingPlan: true };
    const files = [{ slot: 'syllabus', ...papers.syllabus }];
    const course = this.courses.length === 0 ? this.uuid() : this.random.oneOf(this.courses);
    return this.command('case', `${alliance}.demonstration.${course}`, 'submit-application', { institution, form, files }, dean);
  }

  private person(): FuzzRequest {
    const id = this.uuid();
    const data = { person: `person-${id}`, name: { zh: '容闳', en: 'Yung Wing' } };
    const request = this.command('person', id, 'register-person', data, this.parts.secretary);
    return { ...request, headers: { ...request.headers, 'entente-alliance': alliance } };
  }

  private draft(): FuzzRequest {
    const path = `/v1/drafts/${this.uuid()}`;
    const body = JSON.stringify({ revision: 0, value: { comment: '草稿' } });
    return { template: '/v1/drafts/{key}', method: 'PUT', path, headers: json, body, sender: this.parts.outsider };
  }

  private objection(): FuzzRequest {
    const evidence = [papers.evidence];
    const data = { stage: 'publicity', name: '钱一舟', contact: '13800000000', statement: '与实际不符。', evidence };
    return this.command('case', this.random.oneOf(this.parts.published), 'raise-objection', data, this.parts.outsider);
  }

  private command(context: string, id: string, command: string, data: object, sender: number): FuzzRequest {
    const template = `/v1/${context}/{id}/${command}`;
    const path = template.replace('{id}', id);
    const headers = { ...json, 'idempotency-key': this.keyFor(path, sender) };
    return { template, method: 'POST', path, headers, body: JSON.stringify(data), sender };
  }

  /** Everyone uses a key once more, at another address: that is another command. */
  private keyFor(path: string, sender: number): string {
    const last = this.keys.get(sender);
    if (last !== undefined && last.path !== path) {
      this.keys.delete(sender);
      return last.key;
    }
    const key = `fuzz-${this.uuid()}`;
    this.keys.set(sender, { key, path });
    return key;
  }

  private uuid(): string {
    return derivedUuid(String(this.random.next()), 'fuzz');
  }
}

const json = { 'content-type': 'application/json' };
