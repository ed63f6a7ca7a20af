// Shared memory: every mount, how full it is, and what looks left behind.
import { age, bytes, count, el, fact, name, percent, plural, put, putBytes, unknown } from './format.js';

const UNLISTED = 'not all of it could be listed';

function bar(mount) {
  const svg = el('svg', { class: 'bar', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  svg.append(el('rect', { class: 'rest', x: 0, y: 0, width: 1000, height: 10 }));
  const share = value => Math.min(1000, (value / mount.size_bytes) * 1000);
  svg.append(el('rect', { class: mount.used_bytes / mount.size_bytes > 0.9 ? 'fill bad' : 'fill', x: 0, y: 0, width: share(mount.used_bytes), height: 10 }));
  if (mount.used_peak_bytes > mount.used_bytes) {
    svg.append(el('rect', { class: 'peak', x: Math.min(996, share(mount.used_peak_bytes)), y: 0, width: 4, height: 10 }));
  }
  return svg;
}

const known = (value, text, reason) => (value === undefined ? unknown(reason) : put(el('span'), value, text, reason));

function use(segment) {
  if (segment.use === 'used') {
    return el('span', {}, ...segment.users.flatMap((pid, i) => [i > 0 ? ', ' : 'pid ', el('a', { href: `#process?pid=${pid}` }, `${pid}`)]));
  }
  return segment.use === 'idle' ? 'nobody now' : segment.use === 'unreferenced' ? el('strong', { class: 'warn' }, 'unreferenced') : unknown('a process that may use it cannot be looked into');
}

function segments(mount, now, open) {
  const rows = mount.largest.map(segment => el('tr', {},
    el('th', { scope: 'row', class: 'name', title: name(segment.name) }, name(segment.name)), putBytes(el('td', { class: 'num' }), segment.bytes, ''),
    el('td', { class: 'num wide' }, `${segment.uid}`), el('td', { class: 'num' }, age(Math.max(0, now - segment.changed_at_seconds))), el('td', {}, use(segment))));
  const head = el('tr', {}, ...[['Segment', 'name'], ['Size', 'num'], ['User id', 'num wide'], ['Changed', 'num'], ['Used by', '']]
    .map(([label, className]) => el('th', { scope: 'col', class: className }, label)));
  return el('details', { open }, el('summary', {}, mount.segments === undefined || mount.segments > rows.length ? `The ${plural(rows.length, 'largest segment', 'largest segments')}` : plural(rows.length, 'segment')),
    el('div', { class: 'table' }, el('table', {}, el('caption', { class: 'sr' }, `Segments of ${name(mount.mount)}`), el('thead', {}, head), el('tbody', {}, ...rows))));
}

function card(mount, now, open) {
  const where = [mount.namespace, mount.pod, mount.container].filter(part => part !== undefined).join('/');
  const sized = mount.size_bytes > 0 && mount.used_bytes !== undefined;
  const peak = mount.used_peak_bytes === undefined ? '' : `, peak ${bytes(mount.used_peak_bytes)}`;
  const text = sized ? `${bytes(mount.used_bytes)} of ${bytes(mount.size_bytes)} (${percent(mount.used_bytes / mount.size_bytes)})${peak}`
    : mount.used_bytes === undefined ? 'use unknown: the mount could not be measured' : `${bytes(mount.used_bytes)}, without limit${peak}`;
  return el('article', { class: 'card', 'data-mount': mount.mount },
    el('h3', {}, name(mount.mount), where === '' ? null : el('span', { class: 'muted' }, ` ${name(where)}`)),
    el('p', { class: 'line' }, text), sized ? bar(mount) : null,
    el('dl', { class: 'facts' },
      fact('Inodes', mount.inodes === undefined ? (mount.inodes_used === undefined ? unknown(UNLISTED) : `${count(mount.inodes_used)}, without limit`) : `${count(mount.inodes_used)} of ${count(mount.inodes)}`),
      fact('Unlinked', known(mount.unlinked_bytes, bytes, UNLISTED), mount.unlinked_bytes > 0),
      fact('Unreferenced', mount.unreferenced_bytes === undefined ? unknown(mount.segments === undefined ? UNLISTED : 'a process that may share it cannot be looked into')
        : mount.unreferenced_segments > 0 ? `${bytes(mount.unreferenced_bytes)} in ${plural(mount.unreferenced_segments, 'segment')}` : bytes(mount.unreferenced_bytes), mount.unreferenced_segments > 0)),
    mount.largest.length === 0 ? null : segments(mount, now, open));
}

export class SharedMemory {
  element = el('div', { class: 'cards' });
  #key = '';

  update(snapshot) {
    const shm = snapshot.shm;
    // Ages of segments tell minutes: a new snapshot with the same numbers changes nothing that is seen.
    const key = JSON.stringify([shm, Math.floor(snapshot.snapshot_timestamp_seconds / 60)]);
    if (this.#key === key) {
      return;
    }
    this.#key = key;
    const open = new Map([...this.element.querySelectorAll('article')].map(article => [article.dataset.mount, article.querySelector('details')?.open]));
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && [focused.closest('article')?.dataset.mount, focused.tagName, focused.getAttribute('href')];
    // What wants a look comes first: what is full, then what was left behind.
    const rank = mount => (mount.size_bytes > 0 ? (mount.used_bytes ?? 0) / mount.size_bytes : 0) + ((mount.unlinked_bytes ?? 0) + (mount.unreferenced_bytes ?? 0) > 0 ? 0.5 : 0);
    const cards = [...shm.mounts].sort((a, b) => rank(b) - rank(a) || (a.mount < b.mount ? -1 : 1)).map(mount => card(mount, snapshot.snapshot_timestamp_seconds, open.get(mount.mount) ?? mount.unreferenced_segments > 0));
    const rest = [
      shm.sysv === undefined ? null : fact('System V', `${bytes(shm.sysv.bytes)} in ${plural(shm.sysv.segments, 'segment')}, ${bytes(shm.sysv.unattached_bytes)} attached by nobody`, shm.sysv.unattached_bytes > 0),
      fact('Shmem of the node', known(shm.shmem_bytes, bytes, 'meminfo cannot be read')),
      fact('Explained by nothing', known(shm.unaccounted_bytes, bytes, 'not all of it could be looked into; mapagent doctor says why')),
      shm.unseen > 0 ? fact('Not looked into', plural(shm.unseen, 'mount namespace'), true) : null,
    ];
    this.element.replaceChildren(...(cards.length > 0 ? cards : [el('p', {}, 'No shm mount was found.')]),
      el('article', { class: 'card' }, el('h3', {}, 'Beyond the mounts'), el('dl', { class: 'facts' }, ...rest.filter(part => part !== null))));
    if (place) {
      const article = [...this.element.querySelectorAll('article')].find(candidate => candidate.dataset.mount === place[0]);
      [...(article?.querySelectorAll(place[1]) ?? [])].find(node => node.getAttribute('href') === place[2])?.focus({ preventScroll: true });
    }
  }
}
