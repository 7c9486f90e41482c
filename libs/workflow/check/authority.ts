import { engineOrgan, publicOrgan } from '#kernel';
import type { Definition, Subcase } from '../definition.js';
import type { CharterGiven } from './charter-given.js';
import { sentBy } from './commands.js';
import { commandKnown, type ContextsKnown } from './contexts-known.js';
import { type Finding, finding } from './finding.js';
import { holdersOf, powersUsed, type PowerUsed } from './powers.js';

/** Powers that no organ holds, that several hold, that their holder could never use here, and what the engine may not carry out. */
export const authorityFindings = (
  definition: Definition,
  charter: CharterGiven,
  contexts: ContextsKnown = {},
): readonly Finding[] => [
  ...powersUsed(definition).flatMap((used) => holderFindings(used, charter)),
  ...engineFindings(definition, charter, contexts),
];

/** The same of whoever keeps a sub-case, and of the applicant's office that lodges an appeal. */
export const subcasePowerFindings = (subcase: Subcase, path: string, charter: CharterGiven): readonly Finding[] => [
  ...holderFindings({ power: subcase.manage, part: 'keeps', path: `${path}/manage` }, charter),
  ...(subcase.kind === 'appeal'
    ? holderFindings({ power: subcase.power, scope: 'institution', part: 'applies', path: `${path}/power` }, charter)
    : []),
];

function holderFindings(used: PowerUsed, charter: CharterGiven): readonly Finding[] {
  const holders = holdersOf(charter, used.power);
  const [organ, ...others] = holders;
  if (organ === undefined) return [heldByNobody(used)];
  if (others.length > 0) return [heldTwice(used, holders)];
  if (organ === publicOrgan) return forEveryone.has(used.part) ? [] : [heldByEveryone(used)];
  if (!isInReach(used, organ, charter)) return [outOfReach(used, organ)];
  return used.part === 'decides' ? ruleFindings(used, organ, charter) : [];
}

/** What anyone may do. For everything else somebody in particular answers. */
const forEveryone: ReadonlySet<PowerUsed['part']> = new Set(['objects', 'registers']);

/** An organ that exists once per institution acts only where the stage says whose it is. */
function isInReach({ scope }: PowerUsed, organ: string, { organs }: CharterGiven): boolean {
  const clause = organs[organ];
  return clause !== undefined && (clause.scope === 'alliance' || clause.scope === kindOfScope(scope));
}

/** A field of the form names an institution. */
const kindOfScope = (scope: PowerUsed['scope']): PowerUsed['scope'] =>
  scope?.startsWith('form.') === true ? 'institution' : scope;

function ruleFindings(used: PowerUsed, organ: string, { powers, rules }: CharterGiven): readonly Finding[] {
  const name = powers.find(({ power }) => power === used.power)?.rule;
  if (name !== undefined && rules[name] !== undefined) return [];
  return [
    finding(
      'no-decision-rule',
      used.path,
      [
        `The charter does not say how "${organ}" decides under the power "${used.power}", so no vote can be counted.`,
        `章程未规定“${organ}”行使“${used.power}”职权的议决规则，无法计票。`,
      ],
      ['Give the power a decision rule in the charter.', '请在章程中为该职权规定议决规则。'],
    ),
  ];
}

/** Powers that the engine uses in the name of a workflow, which a charter must name among the workflows of each; each once. */
export const carriedOut = (definition: Definition, contexts: ContextsKnown): readonly string[] => [
  ...new Set(carriedOutAt(definition, contexts).map(({ power }) => power)),
];

const carriedOutAt = (
  definition: Definition,
  contexts: ContextsKnown,
): readonly { readonly power: string; readonly path: string }[] =>
  sentBy(definition).flatMap(({ command, path }) => {
    const power = commandKnown(contexts, command)?.power;
    return power === undefined ? [] : [{ power, path }];
  });

function engineFindings(definition: Definition, charter: CharterGiven, contexts: ContextsKnown): readonly Finding[] {
  return [{ power: 'operate-workflow', path: '/stages' }, ...carriedOutAt(definition, contexts)]
    .filter(({ power }) => !engineMay(power, definition.id, charter))
    .map(({ power, path }) =>
      finding(
        'engine-without-power',
        path,
        [`The charter does not let this workflow carry out "${power}".`, `章程未授权该工作流执行“${power}”职权。`],
        [
          `Name "${definition.id}" among the workflows of that power in the charter${power === 'operate-workflow' ? ', or give the power to the engine' : ''}.`,
          `请在章程该职权的 workflows 中写入“${definition.id}”${power === 'operate-workflow' ? '，或将该职权授予 engine' : ''}。`,
        ],
      ),
    );
}

const engineMay = (power: string, workflow: string, { powers }: CharterGiven): boolean =>
  powers.some(
    (clause) => clause.power === power && (clause.organ === engineOrgan || clause.workflows?.includes(workflow) === true),
  );

const heldByNobody = ({ power, path }: PowerUsed): Finding =>
  finding(
    'power-held-by-nobody',
    path,
    [`No organ of the charter holds the power "${power}".`, `章程中没有机构持有“${power}”职权。`],
    ['Name a power that the charter gives to an organ, or amend the charter.', '请写章程已授予某机构的职权，或修订章程。'],
  );

const heldTwice = ({ power, path }: PowerUsed, organs: readonly string[]): Finding =>
  finding(
    'power-held-twice',
    path,
    [
      `The power "${power}" is held by more than one organ: ${organs.join(', ')}.`,
      `“${power}”职权由多个机构持有：${organs.join('、')}。`,
    ],
    ['Let the charter give it to exactly one organ.', '请由章程将其授予唯一的机构。'],
  );

const heldByEveryone = ({ power, path }: PowerUsed): Finding =>
  finding(
    'held-by-everyone',
    path,
    [
      `The charter gives the power "${power}" to everyone, the applicant among them, and here somebody must answer for it.`,
      `章程将“${power}”职权授予任何人（包括申报人），而此处须有专门机构负责。`,
    ],
    ['Name the power of an organ, or amend the charter.', '请写由某机构持有的职权，或修订章程。'],
  );

const outOfReach = ({ power, path, scope }: PowerUsed, organ: string): Finding =>
  finding(
    'organ-out-of-reach',
    path,
    [
      `The power "${power}" belongs to "${organ}", and nobody there could use it here${scope === undefined ? '' : ` for an ${scope}`}.`,
      `“${power}”职权属于“${organ}”，但其成员在此处无法行使。`,
    ],
    [
      'Give the stage the scope of that organ (institution or province), or name the power of an organ that the alliance has once.',
      '请为该环节写明机构的范围（institution 或 province），或改用联盟唯一机构的职权。',
    ],
  );
