import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkDefinition, type Definition, faultsOf, type Finding, type Stage } from '#workflow';
import { branchingDefinitions, charterForAny, soundDefinitions } from '../support/definitions.js';

const codes = (definition: Definition): readonly Finding['code'][] =>
  checkDefinition(definition, charterForAny).map(({ code }) => code);

test('random sound definitions pass', () => {
  fc.assert(
    fc.property(soundDefinitions, (definition) => {
      expect(faultsOf(definition)).toEqual([]);
      expect(checkDefinition(definition, charterForAny)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('random definitions with branches, joins and returns pass', () => {
  fc.assert(
    fc.property(branchingDefinitions, (definition) => {
      expect(faultsOf(definition)).toEqual([]);
      expect(checkDefinition(definition, charterForAny)).toEqual([]);
    }),
    { numRuns: 200 },
  );
  const seen = fc.sample(branchingDefinitions, { numRuns: 100, seed: 1 }).flatMap(({ stages }) => stages);
  expect(seen.some(({ waitsFor = [] }) => waitsFor.some((branch) => typeof branch !== 'string'))).toBe(true);
  expect(seen.some((stage) => stage.return !== undefined && stage.waitsFor !== undefined)).toBe(true);
});

test('random definitions have every kind of stage and of sub-case, loops among them', () => {
  const seen = fc.sample(soundDefinitions, { numRuns: 200, seed: 1 });
  expect(new Set(seen.flatMap(({ stages }) => stages.map(({ kind }) => kind))).size).toBe(10);
  const subcases = seen.flatMap((definition) => Object.values(definition.subcases ?? {}));
  expect(new Set(subcases.flatMap(({ kind, stages }) => [kind, ...stages.map((stage) => stage.kind)])).size).toBe(7);
  expect(seen.some(({ stages }) => stages.some(({ visits }) => visits !== undefined))).toBe(true);
});

const withStage = (definition: Definition, index: number, change: (stage: Stage) => object): Definition => ({
  ...definition,
  stages: definition.stages.map((stage, at) => (at === index ? ({ ...stage, ...change(stage) } as Stage) : stage)),
});

const leading = (stage: Stage, to: string): object => ({
  on: Object.fromEntries(Object.keys(stage.on).map((outcome) => [outcome, to])),
});

/** What can go wrong with any definition; undefined where this one cannot go wrong like that. */
const mutations: Readonly<Record<string, (sound: Definition, index: number) => Definition | undefined>> = {
  'dead-end': (sound, index) => withStage(sound, index, (stage) => leading(stage, 'nowhere')),
  'unreachable-stage': (sound, index) => {
    const { id } = sound.stages[index] as Stage;
    if (index === 0) return undefined;
    return {
      ...sound,
      stages: sound.stages.map((stage) => ({
        ...stage,
        on: Object.fromEntries(
          Object.entries(stage.on).map(([outcome, to]) => [outcome, to === id && stage.id !== id ? 'granted' : to]),
        ),
      })),
    };
  },
  'unreachable-end': (sound) => ({ ...sound, ends: { ...sound.ends, lost: { title: sound.title, outcome: 'refused' } } }),
  'no-way-out': (sound, index) => withStage(sound, index, (stage) => ({ ...leading(stage, stage.id), visits: undefined })),
  'unbounded-loop': (sound, index) => {
    const stage = sound.stages[index] as Stage;
    const outcome = ['failed', 'not-recommended', 'not-carried', 'upheld'].find((one) => one in stage.on);
    if (outcome === undefined) return undefined;
    return withStage(sound, index, ({ on }) => ({ on: { ...on, [outcome]: stage.id }, visits: undefined }));
  },
  'loop-without-human': (sound, index) => {
    const stage = sound.stages[index] as Stage;
    const outcome = { ballot: 'inquorate', publicity: 'confirmed', check: undefined, panel: undefined }[stage.kind as string];
    return outcome === undefined ? undefined : withStage(sound, index, ({ on }) => ({ on: { ...on, [outcome]: stage.id } }));
  },
  'no-withdrawn-end': (sound) => ({
    ...sound,
    ends: Object.fromEntries(Object.entries(sound.ends).filter(([id]) => id !== 'withdrawn')),
  }),
  'named-twice': (sound) => ({ ...sound, stages: [...sound.stages, sound.stages[0] as Stage] }),
  'power-held-by-nobody': (sound, index) => withStage(sound, index, () => ({ power: 'reign' })),
  'judges-own-act': (sound, index) => {
    const { kind } = sound.stages[index] as Stage;
    return kind === 'panel' ? withStage(sound, index, () => ({ power: 'submit-application' })) : undefined;
  },
  'quorum-above-pool': (sound, index) => {
    const stage = sound.stages[index] as Stage;
    return stage.kind === 'panel' ? withStage(sound, index, () => ({ minimum: stage.size + 1 })) : undefined;
  },
  'no-deadline': (sound, index) => {
    const { kind } = sound.stages[index] as Stage;
    return kind === 'panel' ? withStage(sound, index, () => ({ assignedBy: 'secretary', assignWithin: undefined })) : undefined;
  },
  'missing-language': (sound, index) => withStage(sound, index, () => ({ title: { en: 'English alone', zh: ' ' } })),
  'condition-type': (sound) => ({
    ...sound,
    eligibility: [{ id: 'odd', clause: sound.title, text: sound.title, require: 'form.works == true' }],
  }),
};

test.each(Object.keys(mutations))('whatever is changed into %s is found', (code) => {
  let found = 0;
  fc.assert(
    fc.property(soundDefinitions, fc.nat(), (sound, place) => {
      const broken = mutations[code]?.(sound, place % sound.stages.length);
      if (broken === undefined) return;
      found += 1;
      expect(codes(broken)).toContain(code);
    }),
    { numRuns: 80 },
  );
  expect(found).toBeGreaterThan(0);
});

const changed = (definition: Definition, change: (stage: Stage) => object): Definition => ({
  ...definition,
  stages: definition.stages.map((stage) => ({ ...stage, ...change(stage) }) as Stage),
});

const isFork = ({ on }: Stage): boolean => Object.values(on).some((onward) => typeof onward !== 'string');
const isJoin = ({ waitsFor }: Stage): boolean => waitsFor !== undefined;
const isHead = ({ stages }: Definition, { id }: Stage): boolean =>
  stages.some((stage) => isFork(stage) && Object.values(stage.on).flat().includes(id) && id.startsWith('branch'));

/** What can go wrong with branches. */
const branchMutations: Readonly<Record<string, (sound: Definition) => Definition | undefined>> = {
  // A choice in place of a fork: one branch only is ever begun.
  deadlock: (sound) =>
    changed(sound, ({ on }) => {
      const fork = Object.values(on).find((onward) => typeof onward !== 'string');
      return { on: Object.fromEntries(Object.entries(on).map(([one, to], at) => [one, [to].flat()[at] ?? fork?.[0] ?? to])) };
    }),
  'reached-twice': (sound) => changed(sound, () => ({ waitsFor: undefined })),
  'leftover-token': (sound) => {
    const heads = sound.stages.filter(
      (stage) => isHead(sound, stage) && 'failed' in stage.on && stage.on['failed'] === 'refused',
    );
    if (heads.length === 0) return undefined;
    return changed(sound, (stage) => (heads.includes(stage) ? { on: { ...stage.on, failed: 'granted' } } : {}));
  },
  'join-mismatch': (sound) => changed(sound, ({ waitsFor }) => (waitsFor === undefined ? {} : { waitsFor: waitsFor.slice(1) })),
  // No case comes from the last stage anywhere.
  'return-elsewhere': (sound) => {
    const last = sound.stages.at(-1) as Stage;
    return changed(sound, ({ id }) => (id === last.id ? leading(last, 'granted') : { return: { to: [last.id], times: 1 } }));
  },
};

test.each(Object.keys(branchMutations))('whatever is changed into %s among branches is found', (code) => {
  let found = 0;
  fc.assert(
    fc.property(branchingDefinitions, (sound) => {
      const broken = sound.stages.some(isJoin) ? branchMutations[code]?.(sound) : undefined;
      if (broken === undefined) return;
      found += 1;
      expect(codes(broken)).toContain(code);
    }),
    { numRuns: 80 },
  );
  expect(found).toBeGreaterThan(0);
});
