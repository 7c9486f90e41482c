import type { CharterDocument } from '#charter';

type Organ = CharterDocument['organs'][number];
type Power = CharterDocument['powers'][number];

const organ = (name: string, zh: string, en: string, scope: Organ['scope'], seats: Partial<Organ['seats']> = {}): Organ => ({
  organ: name,
  name: { zh, en },
  scope,
  seats: { filledBy: 'fill-seat', termYears: 4, ...seats },
});

const organs: readonly Organ[] = [
  organ('assembly', '成员大会', 'Assembly of members', 'alliance', { maxTerms: 3 }),
  organ('council', '理事会', 'Council', 'alliance', { size: 15, maxTerms: 2 }),
  organ('secretariat', '秘书处', 'Secretariat', 'alliance', { size: 9 }),
  organ('expert-panel', '评审专家库', 'Pool of reviewers', 'alliance'),
  organ('committee', '课程认定委员会', 'Accreditation committee', 'alliance', { size: 9, maxTerms: 2 }),
  organ('deans-office', '教务处', "Dean's office", 'institution', { size: 5 }),
  organ('platform-partner', '合作课程平台', 'Partner platforms', 'alliance'),
  organ('auditors', '监事会', 'Board of auditors', 'alliance', { size: 3, maxTerms: 2 }),
  organ('provincial-department', '省级教育行政部门', 'Provincial department of education', 'province', { size: 5 }),
];

const accreditation = { workflows: ['course-accreditation', 'alliance-recognition', 'shared-course-offer'] } as const;
const byOperator = { operator: true } as const;

const power = (name: string, holder: string, more: Omit<Power, 'power' | 'organ'> = {}): Power => ({
  power: name,
  organ: holder,
  ...more,
});

const powers: readonly Power[] = [
  power('amend-charter', 'assembly', { rule: 'two-thirds', operator: true }),
  power('fill-seat', 'secretariat', byOperator),
  power('register-institution', 'secretariat', byOperator),
  power('apply-to-join', 'public', byOperator),
  power('admit-member', 'council', { rule: 'simple-majority', operator: true }),
  power('suspend-member', 'council', { rule: 'two-thirds', operator: true }),
  power('leave-alliance', 'deans-office'),
  power('register-person', 'secretariat', byOperator),
  power('register-course', 'deans-office'),
  power('adopt-workflow', 'secretariat', byOperator),
  power('open-round', 'secretariat'),
  power('migrate-cases', 'secretariat', byOperator),
  power('submit-application', 'deans-office'),
  power('withdraw-application', 'deans-office'),
  power('endorse-application', 'deans-office'),
  power('recommend-application', 'provincial-department'),
  power('check-application', 'secretariat'),
  power('verify-on-platform', 'platform-partner'),
  power('manage-panel', 'secretariat', accreditation),
  power('review-application', 'expert-panel'),
  power('decide-recognition', 'committee', { rule: 'recognition', ...accreditation }),
  power('publicise', 'secretariat', accreditation),
  power('raise-objection', 'public'),
  power('rule-on-objection', 'committee'),
  power('recognise-course', 'committee', { rule: 'recognition', appeal: 'decide-appeal', ...accreditation }),
  power('withdraw-recognition', 'committee', {
    rule: 'two-thirds',
    appeal: 'decide-appeal',
    operator: true,
    ...accreditation,
  }),
  power('confirm-application', 'deans-office'),
  power('maintain-course', 'deans-office'),
  power('supervise-course', 'council'),
  power('decide-appeal', 'council'),
  power('issue-notice', 'secretariat', accreditation),
  power('operate-workflow', 'engine'),
  power('resolve-incidents', 'secretariat', byOperator),
  power('act-for-members', 'secretariat'),
  power('audit-cases', 'auditors'),
];

const half = [1, 2] as const;
const twoThirds = [2, 3] as const;

const rules: CharterDocument['rules'] = [
  {
    rule: 'simple-majority',
    quorum: { atLeast: twoThirds, of: 'all-seats' },
    majority: { over: half, of: 'present' },
    tie: 'not-carried',
  },
  {
    rule: 'two-thirds',
    quorum: { atLeast: twoThirds, of: 'all-seats' },
    majority: { over: twoThirds, atLeast: true, of: 'present' },
    tie: 'not-carried',
  },
  {
    rule: 'recognition',
    quorum: { atLeast: twoThirds, of: 'eligible-seats' },
    majority: { over: half, of: 'votes-cast' },
    tie: 'chair-decides',
  },
];

const parts: CharterDocument['parts'] = {
  functions: {
    zh: [
      '本联盟为粤港澳大湾区高等学校自愿组成的非营利性慕课共建共享组织。',
      '联盟制定课程建设、在线运行与学分认定的规则，组织课程认定、推荐与共享。',
    ],
    en: [
      'The alliance is a voluntary, non-profit association of universities of the Greater Bay Area for building and sharing MOOCs.',
      'It makes the rules for building courses, running them online and recognising credits, and it accredits, recommends and shares courses.',
    ],
  },
  members: {
    zh: [
      '承认本章程的高等学校，经教务部门申请、理事会审定，成为成员单位。',
      '成员单位有权申报课程、提名评审专家、提出异议，并查阅与其有关的全部记录。',
      '成员单位应当如实申报，持续更新获认定课程，并对其教务部门的行为负责。',
      '成员单位资格暂停期间，其各部门不得行使职权；此前作出的行为仍然有效。',
    ],
    en: [
      'A university that accepts this charter becomes a member when its office has applied and the council has admitted it.',
      'A member may submit courses, nominate reviewers, raise objections and read every record that concerns it.',
      "A member declares truthfully, keeps recognised courses up to date and answers for the acts of its dean's office.",
      'While a membership is suspended, its offices exercise no power; what they did before stands.',
    ],
  },
  structure: {
    zh: [
      '联盟设成员大会、理事会、秘书处、评审专家库和课程认定委员会；各成员单位设教务处联络席位。',
      '课程认定委员会设九席，其中主任委员、副主任委员各一人，每届任期四年，连任不超过两届。',
      '监事会查阅各轮次的全部案件及其依据，不参与任何决定；监事不得兼任秘书处成员、评审专家或者委员会委员。',
      '席位由秘书处登记；首任席位由运营方依本章程登记。',
    ],
    en: [
      "The alliance has an assembly, a council, a secretariat, a pool of reviewers and an accreditation committee; every member has a dean's office.",
      'The accreditation committee has nine seats, a chair and a deputy among them, for terms of four years and two terms at most.',
      'The board of auditors reads every case of every round with its reasons and takes part in no decision; auditors sit neither in the secretariat nor in the pool of reviewers nor in the committee.',
      'Seats are entered by the secretariat; the first ones are entered by the operator under this charter.',
    ],
  },
  operation: {
    zh: [
      '课程认定须有三分之二以上应出席且无须回避的委员参加，以投票数的过半数通过；票数相同时由主任委员决定。未经委员会表决，任何流程不得作出认定；对不予认定的决定提出的申诉由理事会裁定，裁定成立的，视同已经表决。',
      '修订章程须有三分之二以上席位出席，并经出席者三分之二以上同意。',
      '有利益冲突者应当回避，不得知悉、评审或者表决有关申报。',
      '章程修订不影响已经开始的轮次，其按启动时的版本办理。',
    ],
    en: [
      'A recognition needs two thirds of the unconflicted seats taking part and more than half of the votes cast; in a tie the chair decides. No workflow recognises a course without a vote of the committee; the council decides on appeals, and one that it grants stands in place of the vote.',
      'An amendment needs two thirds of all seats present and two thirds of those present in favour.',
      'Whoever has a conflict of interest stands back and neither sees, reviews nor votes on the application.',
      'An amendment leaves open rounds alone: they end under the version under which they were opened.',
    ],
  },
  activities: {
    zh: [
      '联盟每年至少组织一轮课程认定，结果公示五个工作日，认定有效期五年。',
      '公示期内任何人可以实名提出异议并附证据；异议只影响所涉项目。',
    ],
    en: [
      'At least once a year the alliance runs a round of course accreditation; results are public for five working days and hold for five years.',
      'During that time anyone may object under their real name and with evidence; an objection holds up only the item it concerns.',
    ],
  },
};

/** The charter of the demonstration alliance, and a model for others: any alliance may adopt it under its own title. */
export const modelCharter = (title: CharterDocument['title']): Pick<CharterDocument, keyof CharterDocument> => ({
  title,
  parts,
  organs,
  powers,
  rules,
  notices: [
    { matter: 'assembly', workingDays: 10 },
    { matter: 'ballot', workingDays: 3 },
  ],
  transition: 'keep',
  dues: { yuanPerYear: 0, monthsOfGrace: 12 },
});
