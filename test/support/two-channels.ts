import type { Definition, Stage } from '#workflow';
import { application, TestRound } from './round.js';

const ministry: Stage = {
  id: 'ministry-opinion',
  kind: 'check',
  title: { en: 'Opinion of the ministry', zh: '部委意见' },
  power: 'advise-on-application',
  workingDays: 10,
  on: { passed: 'formal-check', failed: 'not-recommended', lapsed: 'not-recommended' },
};

const changes: Readonly<Record<string, object>> = {
  endorsement: { on: { passed: ['recommendation', ministry.id], failed: 'not-endorsed', lapsed: 'not-endorsed' } },
  recommendation: { return: { to: ['endorsement'], times: 1 } },
  'formal-check': {
    waitsFor: ['recommendation', ministry.id],
    return: { to: ['recommendation', 'endorsement'], times: 2 },
  },
};

/** The accreditation of courses with the province and the ministry side by side; the formal check waits for both. */
export const inTwoChannels = (definition: Definition, power = ministry.power): Definition => ({
  ...definition,
  stages: definition.stages
    .map((stage) => ({ ...stage, ...changes[stage.id] }) as Stage)
    .flatMap((stage) => (stage.id === 'recommendation' ? [stage, { ...ministry, power }] : [stage])),
});

/** An application that the university has endorsed: it is before the province and the ministry. */
export async function inBothChannels(): Promise<TestRound> {
  const round = await TestRound.open({ change: (definition) => inTwoChannels(definition) });
  await round.act('dean', 'SubmitApplication', application);
  await round.act('dean', 'PassCheck', { stage: 'endorsement' });
  await round.settle();
  return round;
}
