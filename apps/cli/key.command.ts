import type { Identity, Person } from '#identity';
import { type CharterHistory, charterStream, type States } from '#kernel';
import { type Command, Failure, textOption, UsageError, wholeNumber } from './command.js';
import { withIdentity } from './installation.js';

const dayMs = 86_400_000;
const longestDays = 366;

export const issueKeyCommand: Command = {
  words: ['key', 'issue'],
  parameters: 'PERSON [--powers a,b] [--days 90] [--name NAME] [--network 10.0.0.0/8]',
  about: {
    en: 'Issues a machine key that acts for a person (person-…) within some of their powers; without --powers it only reads. It is shown once.',
    zh: '为某人（person-…）签发机器密钥，仅可行使其部分职权；不加 --powers 则只能读取。密钥只显示一次。',
  },
  options: {
    powers: { type: 'string' },
    days: { type: 'string' },
    name: { type: 'string' },
    network: { type: 'string' },
  },
  takes: [1, 1],

  async run([person = ''], options, console) {
    const powers = [...new Set((textOption(options, 'powers') ?? '').split(',').filter((power) => power !== ''))];
    const days = wholeNumber(options, 'days', 90, [1, longestDays]);
    const name = textOption(options, 'name') ?? 'command line';
    const network = textOption(options, 'network');
    if (name.length === 0 || name.length > 80)
      throw new UsageError({ en: '--name takes 1 to 80 characters.', zh: '--name 应为 1 至 80 个字符。' });
    const { token, key } = await withIdentity(console, async (identity, { states, clock }) => {
      const alliance = await allianceOfPerson(states, person);
      await requirePowers(states, alliance, powers);
      const expiresAt = clock.now() + days * dayMs;
      return identity.keys.issue(person, { alliance, name, powers, expiresAt, ...(network === undefined ? {} : { network }) });
    });
    const until = new Date(key.expiresAt).toISOString().slice(0, 10);
    console.tell(
      {
        en: `Key ${key.id} for ${person} in ${key.alliance}, until ${until}. It is shown only now; send it as "Authorization: Bearer …".`,
        zh: `密钥 ${key.id}，用于 ${person}（联盟 ${key.alliance}），有效期至 ${until}。仅此次显示；请以“Authorization: Bearer …”发送。`,
      }[console.language],
    );
    console.say(token);
    return 0;
  },
};

export const revokeKeyCommand: Command = {
  words: ['key', 'revoke'],
  parameters: 'PERSON KEY',
  about: {
    en: 'Ends a machine key of a person, by its id: the 16 characters after "uak_".',
    zh: '按编号（“uak_”之后的 16 个字符）撤销某人的机器密钥。',
  },
  options: {},
  takes: [2, 2],

  async run([person = '', key = ''], _options, console) {
    const wasThere = await withIdentity(console, (identity: Identity) => identity.keys.revoke(person, key));
    if (!wasThere) throw new Failure({ en: `${person} has no key "${key}".`, zh: `${person} 没有编号为“${key}”的密钥。` });
    console.say({ en: `Key ${key} has been revoked.`, zh: `密钥 ${key} 已撤销。` }[console.language]);
    return 0;
  },
};

async function allianceOfPerson(states: States, person: string): Promise<string> {
  const { state } = /^person-./.test(person) ? await states.load<Person>(person) : {};
  if (state?.status === 'active' && state.alliance !== undefined) return state.alliance;
  throw new Failure({
    en: `There is no active person "${person}".`,
    zh: `没有编号为“${person}”的在用人员。`,
  });
}

async function requirePowers(states: States, alliance: string, powers: readonly string[]): Promise<void> {
  const { state } = await states.load<CharterHistory>(charterStream(alliance));
  const unknown = powers.filter((power) => !Object.hasOwn(state.powers, power));
  if (unknown.length === 0) return;
  throw new Failure({
    en: `The charter of ${alliance} knows no power ${unknown.join(', ')}.`,
    zh: `联盟 ${alliance} 的章程没有此职权：${unknown.join('、')}。`,
  });
}
