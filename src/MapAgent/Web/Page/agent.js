// What the agent itself costs, and what it could not see.
import { bytes, count, el, fact, milliseconds, name, percent, plural, put, unknown, whyUnmeasured } from './format.js';
import { sparkline } from './history.js';

const TWO_PASSES = 'a share takes two passes';

function unmeasured(groups) {
  const sums = new Map();
  for (const series of groups) {
    for (const [reason, number] of Object.entries(series.unmeasured ?? {})) {
      sums.set(reason, (sums.get(reason) ?? 0) + number);
    }
  }
  return [...sums].filter(([, number]) => number > 0);
}

function share(points, text) {
  const last = points[points.length - 1]?.value;
  return last === undefined ? [unknown(TWO_PASSES)] : [put(el('span'), last, value => percent(value, 2), TWO_PASSES), ' of one CPU ', sparkline(points, { width: 72, height: 18, text })];
}

function denied(reads) {
  return Object.entries(reads).flatMap(([file, outcomes]) => ['denied', 'malformed', 'failed'].filter(outcome => outcomes[outcome] > 0)
    .map(outcome => `${file} ${count(outcomes[outcome])} ${outcome}`));
}

function giants(list) {
  return list.map(giant => el('li', {}, el('a', { href: `#process?pid=${giant.pid}` }, `${giant.pid}`), ` ${name(giant.group)}: one read takes ${milliseconds(giant.predicted_read_seconds)}, made every ${giant.read_every_seconds.toFixed(0)} s`));
}

export class AgentCost {
  element = el('div', {});

  update(snapshot, history) {
    const agent = snapshot.agent;
    const measured = snapshot.groups.reduce((sum, series) => sum + series.measured, 0);
    const missing = unmeasured(snapshot.groups);
    const bounds = Object.entries(agent.truncations_total).filter(([, times]) => times > 0);
    const refused = denied(agent.reads_total);
    const text = what => `${what} over the last minutes`;
    this.element.replaceChildren(el('dl', { class: 'facts' },
      fact('Rollups and deep reads', [...share(history.of('agent budgeted'), text('CPU of rollups and deep reads')), el('span', { class: 'muted' }, ` budget ${percent(agent.cpu_budget_ratio, agent.cpu_budget_ratio < 0.01 ? 2 : 0)}`)]),
      fact('All of the passes', share(history.of('agent cpu'), text('CPU of all passes'))),
      fact('Last pass', `${milliseconds(agent.pass_duration_seconds)}, every ${agent.interval_seconds} s`),
      fact('Resident memory', put(el('span'), agent.resident_memory_bytes, bytes, 'its own /proc/self cannot be read')),
      fact('Measured', [put(el('span'), measured, number => `${count(number)} of ${plural(agent.processes, 'process', 'processes')}`, ''),
        ...(agent.unmatched > 0 ? [`; ${count(agent.unmatched)} match no rule`] : [])]),
      fact('Not measured', missing.length === 0 ? 'none' : missing.map(([reason, number], i) => el('span', { title: whyUnmeasured(reason) }, `${i > 0 ? ', ' : ''}${count(number)} ${reason}`)), missing.length > 0),
      fact('Reads that failed', refused.length === 0 ? 'none' : refused.join(', '), refused.length > 0),
      fact('Bounds that bit', bounds.length === 0 ? 'none' : bounds.map(([what, times]) => `${what} ${count(times)}`).join(', '), bounds.length > 0),
      fact('Passes left out', `${count(agent.pass_skipped_total)} of ${count(agent.passes_total + agent.pass_skipped_total)}`, agent.pass_skipped_total > 0)),
    ...(snapshot.giants.length === 0 ? [] : [el('h3', {}, 'Read rarely, because a read would make them wait'), el('ul', {}, ...giants(snapshot.giants))]));
  }
}
