// The table of groups, and the bar of the machine's memory above it.
import { age, bytes, count, coverage, el, name, percent, plural, put, putBytes, rate, whyNoSum } from './format.js';
import { sparkline } from './history.js';
import { Table, linkCell } from './table.js';

const LABELS = ['group', 'pid', 'namespace', 'pod', 'container'];
const COLOURS = 8;
const TWO_PASSES = 'a rate takes two passes';

// The labels of a series as a query: its key here, and what is asked of the agent.
export function query(series) {
  return new URLSearchParams(LABELS.filter(label => series[label] !== undefined).map(label => [label, series[label]])).toString();
}

export function title(series) {
  const where = [series.namespace, series.pod, series.container].filter(part => part !== undefined).join('/');
  return name(series.group + (series.pid === undefined ? '' : ` [${series.pid}]`) + (where === '' ? '' : ` ${where}`));
}

export const groupHref = series => `#group?${query(series)}`;

// Colours stay with a group for as long as it is among the largest.
export class Palette {
  #slots = new Map();

  assign(keys) {
    for (const key of this.#slots.keys()) {
      if (!keys.includes(key)) {
        this.#slots.delete(key);
      }
    }
    const free = [...Array(COLOURS).keys()].filter(slot => ![...this.#slots.values()].includes(slot));
    for (const key of keys) {
      if (!this.#slots.has(key)) {
        this.#slots.set(key, free.shift());
      }
    }
  }

  of(key) {
    return this.#slots.has(key) ? `c${this.#slots.get(key)}` : 'none';
  }
}

export class MemoryBar {
  element = el('div', { class: 'memory' });

  update(snapshot, palette) {
    const known = snapshot.groups.filter(series => series.pss_bytes !== undefined).sort((a, b) => b.pss_bytes - a.pss_bytes);
    const largest = known.slice(0, COLOURS);
    palette.assign(largest.map(query));
    const sum = known.reduce((total, series) => total + series.pss_bytes, 0);
    const others = known.slice(COLOURS).reduce((total, series) => total + series.pss_bytes, 0);
    const total = snapshot.node.memory_bytes;
    const whole = Math.max(total ?? sum, sum, 1);
    const bar = el('svg', { class: 'bar tall', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    bar.append(el('rect', { class: 'rest', x: 0, y: 0, width: 1000, height: 10 }));
    let from = 0;
    const legend = el('ul', { class: 'legend' });
    const add = (className, size, label, href) => {
      const width = (size / whole) * 1000;
      bar.append(el('rect', { class: `seg ${className}`, x: from, y: 0, width, height: 10 }));
      from += width;
      const share = total === undefined ? '' : percent(size / total);
      legend.append(el('li', {}, el('span', { class: `swatch ${className}` }), href ? el('a', { href }, label) : el('span', {}, label),
        el('span', { class: 'num' }, bytes(size)), el('span', { class: 'num muted' }, share)));
    };
    for (const series of largest) {
      add(palette.of(query(series)), series.pss_bytes, title(series), groupHref(series));
    }
    if (others > 0) {
      add('others', others, plural(known.length - COLOURS, 'other group'));
    }
    if (total !== undefined && total > sum) {
      from = 0;
      legend.append(el('li', {}, el('span', { class: 'swatch rest' }), el('span', { title: 'Free memory, page cache that nobody maps, the kernel, and processes without a measurement' }, 'in no group'),
        el('span', { class: 'num' }, bytes(total - sum)), el('span', { class: 'num muted' }, percent((total - sum) / total))));
    }
    const unmeasured = snapshot.groups.reduce((number, series) => number + series.processes - series.measured, 0);
    const text = [
      total === undefined ? `Groups hold ${bytes(sum)} (PSS). The machine's size is unknown: meminfo cannot be read.`
        : `Groups hold ${bytes(sum)} (PSS) of ${bytes(total)}.`,
      snapshot.node.memory_available_bytes === undefined ? '' : ` ${bytes(snapshot.node.memory_available_bytes)} are available by the kernel's estimate.`,
      unmeasured > 0 ? ` ${plural(unmeasured, 'process is', 'processes are')} not measured and in none of the sums.` : '',
    ].join('');
    const key = JSON.stringify([sum, total, text, largest.map(series => [query(series), series.pss_bytes])]);
    if (this.element.dataset.key !== key) {
      const focused = this.element.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
      this.element.dataset.key = key;
      this.element.dataset.sum = sum;
      this.element.replaceChildren(el('p', {}, text), bar, legend);
      [...legend.querySelectorAll('a')].find(link => link.getAttribute('href') === focused)?.focus({ preventScroll: true });
    }
  }
}

// Faults in a second, with five minutes of the past.
export function faultCell(td, series, points, what, width = 72) {
  const value = series[`${what}_faults_per_second`];
  const known = points.filter(point => point.value !== undefined).map(point => point.value);
  const text = known.length === 0 ? TWO_PASSES : `${what} faults in a second over the last minutes: at most ${rate(Math.max(...known))}, at least ${rate(Math.min(...known))}`;
  const number = put(el('span', { class: 'num' }), value, rate, TWO_PASSES);
  td.replaceChildren(sparkline(points, { width, height: 18, text }), number);
  if (series.fault_cause !== undefined && what === 'major') {
    td.append(el('span', { class: 'badge' }, Object.keys(series.fault_cause)[0].replace('_', ' ')));
  }
}

export function groupsTable(history, palette) {
  const size = (id, label, help, key, extra = '') => ({
    id, label, help, class: `num ${extra}`, value: series => series[key], cell: (td, series) => putBytes(td, series[key], whyNoSum(series)),
  });
  return new Table({
    caption: 'Groups of processes', key: query, sort: { id: 'pss', down: true }, limit: 25, text: title,
    columns: [
      {
        id: 'group', label: 'Group', class: 'name', ascending: true, help: 'The processes to which a rule gives one name', value: title,
        cell: (td, series) => {
          const link = linkCell(td, groupHref(series), title(series), el('span', { class: 'swatch' }));
          td.title = link.textContent;
          td.firstChild.setAttribute('class', `swatch ${palette.of(query(series))}`);
        },
      },
      {
        id: 'measured', label: 'Measured', class: 'num wide', help: 'Processes whose memory is in the sums, of all processes of the group', value: series => series.processes,
        cell: (td, series) => {
          put(td, `${series.measured}/${series.processes}`, text => text, '');
          td.title = coverage(series) || 'all processes are measured';
          td.classList.toggle('warn', series.measured < series.processes);
        },
      },
      size('pss', 'PSS', 'Proportional set size: each page divided by how many processes map it', 'pss_bytes'),
      size('uss', 'USS', 'Unique set size: what would be free if the group ended', 'uss_bytes', 'wide'),
      size('rss', 'RSS', 'Resident size: shared pages count once for every process', 'rss_bytes'),
      size('swap', 'Swap', 'Swapped out', 'swap_bytes', 'wide'),
      {
        id: 'major', label: 'Major/s', class: 'num faults', help: 'Page faults in a second that waited for a disk, and the last five minutes',
        value: series => series.major_faults_per_second, cell: (td, series) => faultCell(td, series, history.of(`major ${query(series)}`), 'major'),
      },
      {
        id: 'minor', label: 'Minor/s', class: 'num wide', help: 'Page faults in a second that memory served', value: series => series.minor_faults_per_second,
        cell: (td, series) => put(td, series.minor_faults_per_second, rate, TWO_PASSES),
      },
      {
        id: 'age', label: 'Age', class: 'num wide', help: 'Age of the oldest measurement in the sums', value: series => series.rollup_age_seconds,
        cell: (td, series) => put(td, series.rollup_age_seconds, age, whyNoSum(series)),
      },
    ],
  });
}

export const groupCount = (shown, all) => (shown === all ? plural(all, 'group') : `${count(shown)} of ${plural(all, 'group')}`);
