// One group, or one process: what it is made of.
import { age, bytes, count, coverage, el, fact, milliseconds, name, percent, plural, put, putBytes, rate, unknown, whyNoSum, whyUnmeasured } from './format.js';
import { faultCell, query, title } from './groups.js';
import { sparkline } from './history.js';
import { Table, linkCell } from './table.js';

const COMPONENTS = [['anon', 'anonymous', 'c0'], ['file', 'files', 'c4'], ['shmem', 'shared memory', 'c1']];
const SEEN_ONCE = 'a rate takes two passes';

const size = (value, reason) => putBytes(el('span'), value, reason);

function section(heading, ...children) {
  return el('section', {}, el('h3', {}, heading), ...children);
}

// Shares of a whole as a bar with its legend; parts are [label, class, bytes].
function split(parts, whole) {
  const bar = el('svg', { class: 'bar', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, el('rect', { class: 'rest', x: 0, y: 0, width: 1000, height: 10 }));
  let from = 0;
  for (const [, className, value] of parts) {
    const width = whole > 0 ? (value / whole) * 1000 : 0;
    bar.append(el('rect', { class: `seg ${className}`, x: from, y: 0, width, height: 10 }));
    from += width;
  }
  return [bar, el('ul', { class: 'legend' }, ...parts.map(([label, className, value]) => el('li', {}, el('span', { class: `swatch ${className}` }), el('span', {}, label),
    el('span', { class: 'num' }, bytes(value)), el('span', { class: 'num muted' }, whole > 0 ? percent(value / whole) : ''))))];
}

// Rows of [name, numbers...] under heads; the first number has a bar behind it.
function list(caption, heads, rows, most) {
  const body = rows.map(([first, ...values]) => el('tr', {}, first, ...values.map((value, i) => {
    const td = putBytes(el('td', { class: `num ${heads[i + 1][1]}` }), value, heads[i + 1][2] ?? '');
    if (i === 0) {
      td.append(el('svg', { class: 'mini', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        el('rect', { class: 'fill', x: 0, y: 0, width: most > 0 ? (value / most) * 100 : 0, height: 4 })));
    }
    return td;
  })));
  return el('div', { class: 'table' }, el('table', {}, el('caption', { class: 'sr' }, caption),
    el('thead', {}, el('tr', {}, ...heads.map(([label, className]) => el('th', { scope: 'col', class: className }, label)))), el('tbody', {}, ...body)));
}

const rowHead = (text, className = '') => el('th', { scope: 'row', class: `name ${className}`, title: text }, text);

function kinds(entries) {
  const most = Math.max(...entries.map(([, kind]) => kind.pss_bytes));
  return list('Mappings by kind', [['Kind', 'name'], ['PSS', ''], ['RSS', ''], ['Virtual', 'wide'], ['Swap', 'wide']],
    entries.sort((a, b) => b[1].pss_bytes - a[1].pss_bytes || b[1].rss_bytes - a[1].rss_bytes)
      .map(([kind, sizes]) => [rowHead(kind.replace('_', ' ')), sizes.pss_bytes, sizes.rss_bytes, sizes.virtual_bytes, sizes.swap_bytes]), most);
}

function files(rows, heads) {
  return list('Mapped files', heads, rows, Math.max(...rows.map(row => row[1])));
}

// A group, from /api/v1/groups?group=...; the table of its members lives on from update to update.
export class GroupView {
  element = el('div', {});
  #members = new Table({
    caption: 'Processes of the group', key: member => `${member.pid}`, sort: { id: 'pss', down: true }, text: member => member.comm,
    columns: [
      {
        id: 'pid', label: 'Process', class: 'name', ascending: true, value: member => member.pid,
        cell: (td, member) => linkCell(td, `#process?pid=${member.pid}&${this.query}`, `${name(member.comm)} [${member.pid}]`),
      },
      this.#size('pss', 'PSS', 'pss_bytes'), this.#size('uss', 'USS', 'uss_bytes', 'wide'), this.#size('rss', 'RSS', 'rss_bytes'), this.#size('swap', 'Swap', 'swap_bytes', 'wide'),
      this.#faults('major', 'Major/s'), this.#faults('minor', 'Minor/s', 'wide'),
      {
        id: 'age', label: 'Age', class: 'num wide', value: member => member.rollup_age_seconds,
        cell: (td, member) => put(td, member.rollup_age_seconds, age, whyUnmeasured(member.unmeasured)),
      },
    ],
  });
  #facts = el('section', { 'aria-label': 'Sums' });
  #left = el('p', { class: 'muted' });
  #rest = el('div', {});

  constructor(key) {
    this.query = key;
    this.element.append(this.#facts, section('Processes', this.#members.element, this.#left), this.#rest);
  }

  #size(id, label, key, extra = '') {
    return { id, label, class: `num ${extra}`, value: member => member[key], cell: (td, member) => putBytes(td, member[key], member.unmeasured ? whyUnmeasured(member.unmeasured) : 'this kernel does not tell') };
  }

  #faults(what, label, extra = '') {
    const key = `${what}_faults_per_second`;
    return { id: what, label, class: `num ${extra}`, value: member => member[key], cell: (td, member) => put(td, member[key], rate, SEEN_ONCE) };
  }

  update(series, history) {
    const why = whyNoSum(series);
    const missing = coverage(series);
    const memory = history.of(`pss ${query(series)}`);
    const largest = Math.max(0, ...memory.map(point => point.value ?? 0));
    const pss = size(series.pss_bytes, why);
    const text = `PSS over the last minutes, at most ${bytes(largest)}`;
    this.#facts.replaceChildren(
      el('dl', { class: 'facts large' },
        fact('PSS', [pss, sparkline(memory, { width: 150, height: 34, text, fill: true })]), fact('USS', size(series.uss_bytes, why)), fact('RSS', size(series.rss_bytes, why)),
        fact('Swap', size(series.swap_bytes, why)), fact('Major faults/s', this.#rate(series, history, 'major')), fact('Minor faults/s', this.#rate(series, history, 'minor'))),
      el('dl', { class: 'facts' },
        fact('Measured', `${series.measured} of ${plural(series.processes, 'process', 'processes')}`, series.measured < series.processes),
        missing === '' ? '' : fact('Why not all', missing, true),
        fact('Oldest measurement', put(el('span'), series.rollup_age_seconds, age, why)),
        fact('Address space', size(series.virtual_bytes, why)),
        series.unit === undefined ? '' : fact('Unit', name(series.unit)), series.container_id === undefined ? '' : fact('Container', name(series.container_id.slice(0, 12))),
        series.mappings === undefined ? '' : fact('Most mappings', count(series.mappings)),
        series.mapped_deleted_files > 0 ? fact('Replaced on disk since', plural(series.mapped_deleted_files, 'binary or library', 'binaries or libraries'), true) : ''),
      ...(series.pss_component_bytes === undefined ? [] : split(COMPONENTS.filter(([key]) => series.pss_component_bytes[key] !== undefined)
        .map(([key, label, className]) => [label, className, series.pss_component_bytes[key]]), series.pss_bytes)));
    this.#members.update(series.members);
    this.#left.textContent = series.members_left_out > 0 ? `${plural(series.members_left_out, 'smaller process is', 'smaller processes are')} in the sums only.` : '';
    this.#rest.replaceChildren(...this.#anatomy(series));
  }

  #rate(series, history, what) {
    const node = el('span', { class: 'faults' });
    faultCell(node, series, history.of(`${what} ${query(series)}`), what, 150);
    return node;
  }

  #anatomy(series) {
    const pss = series.mapping_pss_bytes;
    if (pss === undefined) {
      return [section('What is mapped', el('p', { class: 'muted' }, 'Not read for this group. A process shows what it maps; a rule with mappings: true has it read for the group.'))];
    }
    const entries = Object.keys(pss).map(kind => [kind, {
      pss_bytes: pss[kind], rss_bytes: series.mapping_rss_bytes[kind], virtual_bytes: series.mapping_virtual_bytes[kind], swap_bytes: series.mapping_swap_bytes[kind],
    }]);
    const mapped = Object.entries(series.mapped_file_pss_bytes ?? {}).sort((a, b) => b[1] - a[1]).map(([file, value]) => [rowHead(name(file), 'path'), value]);
    return [section('What is mapped, by kind', kinds(entries)), ...(mapped.length === 0 ? [] : [section('Largest mapped files', files(mapped, [['File', 'name'], ['PSS', '']]))])];
  }
}

export const groupTitle = title;

const limit = value => (value === 'unlimited' ? 'unlimited' : bytes(value));

function hints(process, key) {
  const entries = Object.entries(process[key] ?? {});
  return entries.length === 0 ? 'none' : entries.map(([hint, value]) => `${hint} ${bytes(value)}`).join(', ');
}

function fileRows(process) {
  const cached = process.files.some(file => file.cached_bytes !== undefined);
  const row = (head, file) => [head, file.pss_bytes, file.rss_bytes, file.dirty_bytes, ...(cached ? [file.cached_bytes] : [])];
  const rows = process.files.map(file => row(rowHead(name(file.file) + (file.deleted ? ' (deleted)' : ''), 'path'), file));
  const left = process.mapped_files - process.files.length;
  return { cached, rows: left > 0 ? [...rows, row(rowHead(plural(left, 'other')), process.other_files)] : rows };
}

function faults(span, reason) {
  return span === undefined ? unknown(reason) : `${rate(span.major_per_second)} major, ${rate(span.minor_per_second)} minor in a second`;
}

function cost(process) {
  const reads = [['smaps', process.smaps_read], ['smaps_rollup', process.rollup_read]].filter(([, read]) => read !== undefined);
  return `This was read once, for you: ${reads.map(([file, read]) => `${file} took ${milliseconds(read.wall_seconds)}`).join(', ')}. Meanwhile the process waits if it maps or unmaps memory, so it is not read again by itself.`;
}

// One process, from /api/v1/processes/PID: read once, because reading holds a lock of the process.
export function processView(process) {
  const rollup = process.rollup ?? {};
  const why = 'smaps_rollup could not be read';
  const nodes = [el('section', { 'aria-label': 'Sums' },
    el('p', { class: 'command path' }, name(process.cmdline.join(' '))),
    el('dl', { class: 'facts large' }, fact('PSS', size(rollup.pss_bytes, why)), fact('USS', size(rollup.uss_bytes, why)), fact('RSS', size(rollup.rss_bytes, why)), fact('Swap', size(rollup.swap_bytes, why))),
    ...(rollup.pss_anon_bytes === undefined ? [] : split(COMPONENTS.map(([key, label, className]) => [label, className, rollup[`pss_${key}_bytes`] ?? 0]), rollup.pss_bytes)))];
  if (process.kinds !== undefined) {
    nodes.push(section('By kind', kinds(Object.entries(process.kinds))));
    const { cached, rows } = fileRows(process);
    if (rows.length > 0) {
      nodes.push(section('By file', files(rows, [['File', 'name'], ['PSS', ''], ['RSS', ''], ['Dirty', 'wide'], ...(cached ? [['In page cache', 'wide', 'not looked up']] : [])])));
    }
  }
  const limits = Object.entries(process.limits ?? {}).map(([key, value]) => `${key.replace('_bytes', '').replace('_', ' ')} ${limit(value)}`).join(', ');
  nodes.push(section('More', el('dl', { class: 'facts' },
    fact('User id', put(el('span'), process.uid, value => `${value}`, 'status could not be read')),
    fact('Mappings', process.mappings === undefined ? unknown('smaps could not be read') : `${count(process.mappings)}${process.mappings_limit === undefined ? '' : ` of ${count(process.mappings_limit)}`}`),
    fact('Hints', hints(process, 'advice_bytes')), fact('On remote filesystems', hints(process, 'remote_bytes')),
    fact('Faults now', [faults(process.faults, 'it has ended'), ...(process.fault_cause === undefined ? [] : [el('span', { class: 'badge' }, process.fault_cause.replace('_', ' '))])]),
    fact('Faults since its start', faults(process.faults_since_start, 'its start is unknown')),
    fact('Limits', limits === '' ? unknown('limits could not be read') : limits),
    process.deleted_files > 0 ? fact('No longer on disk', [`${plural(process.deleted_files, 'file')}, ${process.deleted_programs} of them binaries or libraries`,
      el('ul', {}, ...process.deleted.map(file => el('li', { class: 'path' }, name(file.file))))], true) : '')),
  el('p', { class: 'muted' }, cost(process)));
  return nodes;
}
