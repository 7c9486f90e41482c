import { Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { useNames } from '../names.js';
import { DayField, Labelled, TextField } from '../parts/field.js';
import { Section } from '../parts/page.js';
import { ReasonField } from '../parts/reason.js';
import { useRead } from '../reading.js';
import { useSession } from '../session.js';
import { endOfDay, startOfDay } from '../time.js';
import { More, Order } from './panel.js';
import { type ActProperties, useRoom } from './room.js';

interface Seated {
  readonly person: string;
  readonly name?: { readonly en: string; readonly zh: string };
  readonly institutionName?: string;
}

interface PersonProperties {
  readonly label: string;
  /** Only these; whoever holds a seat unless told. */
  readonly among?: readonly Option[];
  readonly value: string | undefined;
  readonly onChange: (person: string | undefined) => void;
}

/** Whoever holds a seat in the alliance; whether they may review is for the rules to say. */
function useSeated(): readonly Option[] {
  const { say } = useWords();
  const { alliance } = useSession();
  const { data } = useRead<{ items: readonly Seated[] }>(alliance && `/v1/alliances/${alliance.id}/seats`);
  const people = new Map(
    (data?.items ?? []).flatMap(({ person, name, institutionName }) =>
      name === undefined
        ? []
        : [[person, [say(name), ...(institutionName === undefined ? [] : [institutionName])].join(' · ')] as const],
    ),
  );
  return [...people].map(([value, label]) => ({ value, label }));
}

function PersonField({ label, among, value, onChange }: PersonProperties): ReactNode {
  const seated = useSeated();
  return (
    <Labelled label={label} required>
      {(control) => (
        <Select
          {...control}
          showSearch={{ optionFilterProp: 'label' }}
          value={value ?? null}
          onChange={(person: string | null) => onChange(person ?? undefined)}
          options={[...(among ?? seated)]}
        />
      )}
    </Labelled>
  );
}

/** The keeper fills the empty places of a panel: by choice, or by lot. */
export function AssignPanel({ act: { stage } }: ActProperties): ReactNode {
  const { t } = useWords();
  const seated = useSeated();
  const [reviewers, setReviewers] = useState<readonly string[]>([]);
  const isChosen = reviewers.length > 0;
  return (
    <Section title={t('act.assign')} tone="task">
      <p>{t('assign.what')}</p>
      <Labelled label={t('assign.chosen')}>
        {(control) => (
          <Select
            {...control}
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            value={[...reviewers]}
            onChange={(people: string[]) => setReviewers(people)}
            options={[...seated]}
          />
        )}
      </Labelled>
      <Order
        command="assign-reviewers"
        data={{ stage, ...(isChosen ? { reviewers } : {}) }}
        told={t('assign.done')}
        ready
        tone="primary"
      >
        {t(isChosen ? 'assign.choose' : 'assign.do')}
      </Order>
    </Section>
  );
}

interface FormProperties {
  readonly title: string;
  readonly command: string;
  readonly data: object;
  readonly ready: boolean;
  /** Asked for where the act must say why. */
  readonly reason?: true;
  readonly children: ReactNode;
}

/** One act on the panel, with its reason. */
function ChangeForm({ title, command, data, ready, reason: asks, children }: FormProperties): ReactNode {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const why = asks === true ? { reason: reason.trim() } : {};
  return (
    <More title={title}>
      {children}
      {asks === true && <ReasonField value={reason} onChange={setReason} hint={t('reason.sealed')} />}
      <Order command={command} data={{ ...data, ...why }} told={t('panel-change.done')} ready={ready && why.reason !== ''}>
        {title}
      </Order>
    </More>
  );
}

/** For who keeps the panel while it runs: one reviewer more, one less. */
export function ChangePanel({ act: { stage } }: ActProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const nameOf = useNames(answer.people);
  const [reviewer, setReviewer] = useState<string>();
  const [assignment, setAssignment] = useState<string>();
  const assignments = answer.case.visits.findLast((visit) => visit.stage === stage)?.assignments ?? [];
  const open = assignments.filter(({ status }) => status === 'open');
  return (
    <More title={t('act.change-panel')}>
      <ChangeForm
        title={t('panel-change.add')}
        command="add-reviewer"
        data={{ stage, reviewer }}
        ready={reviewer !== undefined}
        reason
      >
        <PersonField label={t('panel-change.whom')} value={reviewer} onChange={setReviewer} />
      </ChangeForm>
      <ChangeForm
        title={t('panel-change.remove')}
        command="remove-reviewer"
        data={{ stage, assignment }}
        ready={assignment !== undefined}
        reason
      >
        <p className="quiet">{t('panel-change.remove-what')}</p>
        <Labelled label={t('panel-change.whom')} required>
          {(control) => (
            <Select
              {...control}
              value={assignment ?? null}
              onChange={(id: string | null) => setAssignment(id ?? undefined)}
              options={open.map(({ id, reviewer: person }) => ({ value: id, label: nameOf(person) }))}
            />
          )}
        </Labelled>
      </ChangeForm>
      <HandOverFor stage={stage} reviewers={open.map(({ reviewer: person }) => ({ value: person, label: nameOf(person) }))} />
    </More>
  );
}

/** For who keeps a panel or a ballot: the conflict of interest of somebody else. After the panel, of those whose reviews count. */
export function ReportConflictPanel({ act: { stage, people } }: ActProperties): ReactNode {
  const { t } = useWords();
  const nameOf = useNames(useRoom().answer.people);
  const [person, setPerson] = useState<string>();
  const [ground, setGround] = useState('');
  const among = people?.map((value) => ({ value, label: nameOf(value) }));
  return (
    <More title={t('act.report-conflict')}>
      <p className="quiet">{t('report-conflict.what')}</p>
      <PersonField
        label={t('report-conflict.whose')}
        value={person}
        onChange={setPerson}
        {...(among === undefined ? {} : { among })}
      />
      <TextField
        label={t('conflict.ground')}
        hint={t('reason.sealed')}
        value={ground}
        onChange={setGround}
        required
        rows={2}
        maxLength={2000}
      />
      <Order
        command="declare-conflict"
        data={{ stage, person, ground: ground.trim() }}
        told={t('report-conflict.done')}
        ready={person !== undefined && ground.trim() !== ''}
        tone="danger"
      >
        {t('conflict.do')}
      </Order>
    </More>
  );
}

/** For who keeps the panel: what a reviewer who cannot do it would do themselves. */
function HandOverFor({ stage, reviewers }: { readonly stage: string; readonly reviewers: readonly Option[] }): ReactNode {
  const { t } = useWords();
  const [reviewer, setReviewer] = useState<string>();
  if (reviewers.length === 0) return null;
  return (
    <More title={t('panel-change.for-other')}>
      <Labelled label={t('panel-change.whose')} required>
        {(control) => (
          <Select
            {...control}
            value={reviewer ?? null}
            onChange={(id: string | null) => setReviewer(id ?? undefined)}
            options={[...reviewers]}
          />
        )}
      </Labelled>
      {reviewer !== undefined && <HandOver key={reviewer} stage={stage} reviewer={reviewer} />}
    </More>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

interface HandOverProperties {
  readonly stage: string;
  /** Whose review; one's own unless told. */
  readonly reviewer?: string;
}

/** Hands a review over for good, or lets somebody stand in for a while. */
export function HandOver({ stage, reviewer }: HandOverProperties): ReactNode {
  const { t } = useWords();
  const { answer } = useRoom();
  const { zone } = answer.definition;
  const [to, setTo] = useState<string>();
  const [substitute, setSubstitute] = useState<string>();
  const [from, setFrom] = useState('');
  const [last, setLast] = useState('');
  const isPeriod = from !== '' && last !== '';
  const period = isPeriod ? { from: startOfDay(from, zone), until: endOfDay(last, zone) } : {};
  const whose = reviewer === undefined ? { stage } : { stage, reviewer };
  return (
    <>
      <ChangeForm
        title={t('panel-change.transfer')}
        command="transfer-review"
        data={{ ...whose, to }}
        ready={to !== undefined}
        reason
      >
        <PersonField label={t('panel-change.whom')} value={to} onChange={setTo} />
      </ChangeForm>
      <ChangeForm
        title={t('panel-change.substitute')}
        command="appoint-substitute"
        data={{ ...whose, substitute, ...period }}
        ready={substitute !== undefined && isPeriod}
      >
        <p className="quiet">{t('panel-change.substitute-what')}</p>
        <PersonField label={t('panel-change.whom')} value={substitute} onChange={setSubstitute} />
        <DayField label={t('panel-change.from')} hint={t('panel-change.from-hint')} value={from} onChange={setFrom} required />
        <DayField label={t('panel-change.last')} hint={t('panel-change.last-hint')} value={last} onChange={setLast} required />
      </ChangeForm>
    </>
  );
}
