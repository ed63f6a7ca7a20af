// Asks the agent for its newest snapshot every few seconds and shows it. Nothing is asked while nobody looks.
import { AgentCost } from './agent.js';
import { GroupView, processView } from './detail.js';
import { age, el, milliseconds, name, plural } from './format.js';
import { MemoryBar, Palette, groupCount, groupsTable, query, title } from './groups.js';
import { History } from './history.js';
import { SharedMemory } from './shm.js';

const EVERY = 5000;
const PATIENCE = 15000;
const byId = id => document.getElementById(id);

class Page {
  #snapshot = null; #tag = null; #measured = 0; #timer = 0; #paused = false; #failure = ''; #asking = false;
  #history = new History();
  #palette = new Palette();
  #memory = new MemoryBar();
  #groups = groupsTable(this.#history, this.#palette);
  #shm = new SharedMemory();
  #agent = new AgentCost();
  #view = { kind: 'node' };

  start() {
    const filter = el('input', { type: 'search', placeholder: 'Filter groups', 'aria-label': 'Filter groups', autocomplete: 'off', spellcheck: 'false' });
    filter.addEventListener('input', () => { this.#count(this.#groups.filter(filter.value)); });
    byId('groups-tools').replaceChildren(filter);
    byId('pause').hidden = false;
    byId('pause').addEventListener('click', () => this.#pause());
    document.addEventListener('visibilitychange', () => this.#schedule(0));
    window.addEventListener('hashchange', () => this.#navigate());
    setInterval(() => this.#clock(), 1000);
    this.#navigate(false);
    this.#schedule(0);
  }

  #pause() {
    this.#paused = !this.#paused;
    byId('pause').textContent = this.#paused ? 'Resume' : 'Pause';
    this.#schedule(0);
    this.#clock();
  }

  #schedule(delay) {
    clearTimeout(this.#timer);
    if (!this.#paused && !document.hidden) {
      this.#timer = setTimeout(() => this.#ask(), delay);
    }
  }

  async #ask() {
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    try {
      const answer = await fetch('api/v1/snapshot', { cache: 'no-store', headers: this.#tag ? { 'If-None-Match': this.#tag } : {}, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 200) {
        this.#tag = answer.headers.get('ETag');
        this.#take(await answer.json());
      }
      this.#failure = answer.ok || answer.status === 304 ? '' : `The agent answers ${answer.status}: ${(await answer.text()).trim()}`;
    } catch (error) {
      this.#failure = error.name === 'TimeoutError' ? 'The agent does not answer in time.' : `The agent cannot be reached (${error.message}).`;
    } finally {
      this.#asking = false;
    }
    this.#clock();
    const interval = this.#snapshot ? this.#snapshot.agent.interval_seconds * 1000 : EVERY;
    this.#schedule(Math.max(1000, Math.min(EVERY, interval)));
  }

  #take(snapshot) {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    this.#measured = performance.now() - snapshot.agent.snapshot_age_seconds * 1000;
    this.#remember(snapshot, before);
    this.#memory.update(snapshot, this.#palette);
    this.#groups.update(snapshot.groups);
    this.#shm.update(snapshot);
    this.#agent.update(snapshot, this.#history);
    for (const [id, part] of [['memory', this.#memory], ['groups', this.#groups], ['shm', this.#shm], ['agent', this.#agent]]) {
      if (!byId(id).contains(part.element)) {
        byId(id).replaceChildren(part.element);
      }
    }
    const filter = byId('groups-tools').querySelector('input').value;
    this.#count(this.#groups.filter(filter));
    document.documentElement.dataset.snapshot = snapshot.snapshot_timestamp_seconds;
    if (this.#view.kind === 'group') {
      this.#showGroup();
    }
  }

  #remember(snapshot, before) {
    const at = snapshot.snapshot_timestamp_seconds;
    for (const series of snapshot.groups) {
      const key = query(series);
      this.#history.add(`pss ${key}`, at, series.pss_bytes);
      this.#history.add(`major ${key}`, at, series.major_faults_per_second);
      this.#history.add(`minor ${key}`, at, series.minor_faults_per_second);
    }
    const now = snapshot.agent;
    const then = before?.agent;
    // A snapshot of an agent that was started anew counts from nothing.
    const span = then && now.passes_total > then.passes_total ? at - before.snapshot_timestamp_seconds : 0;
    const share = (...keys) => (span > 0 ? keys.reduce((sum, key) => sum + now[key] - then[key], 0) / span : undefined);
    this.#history.add('agent cpu', at, share('pass_cpu_seconds_total'));
    this.#history.add('agent budgeted', at, share('rollup_cpu_seconds_total', 'deep_cpu_seconds_total'));
    this.#history.forget(at);
  }

  #count(shown) {
    byId('groups-count').textContent = this.#snapshot ? groupCount(shown, this.#snapshot.groups.length) : '';
  }

  // The line at the top, once a second; only changes of state are spoken.
  #clock() {
    const seconds = (performance.now() - this.#measured) / 1000;
    const agent = this.#snapshot?.agent;
    const stale = agent && seconds > Math.max(5, 3 * agent.interval_seconds);
    if (agent) {
      byId('measured').textContent = `${plural(agent.processes, 'process', 'processes')} in ${plural(this.#snapshot.groups.length, 'group')}, measured ${age(Math.max(0, seconds))} ago in ${milliseconds(agent.pass_duration_seconds)}${this.#paused ? '; paused' : ''}`;
    }
    const text = this.#failure !== '' ? `${this.#failure} The numbers are old.` : stale && !this.#paused ? 'The agent has published nothing for three intervals. The numbers are old.'
      : agent && !agent.config_last_reload_successful ? 'The last reload of the configuration was refused; the setup from before is in force.' : '';
    if (byId('alert').textContent !== text) {
      byId('alert').textContent = text;
    }
  }

  #navigate(focus = true) {
    const [kind, text] = location.hash.slice(1).split(/\?(.*)/s);
    const wanted = new URLSearchParams(text ?? '');
    const from = this.#view;
    this.#view = kind === 'group' ? { kind, query: wanted.toString(), name: name(wanted.get('group') ?? '') }
      : kind === 'process' ? { kind, pid: wanted.get('pid'), query: [...wanted].filter(([key]) => key !== 'pid').length > 0 ? new URLSearchParams([...wanted].filter(([key]) => key !== 'pid')).toString() : '' }
        : { kind: 'node' };
    const node = this.#view.kind === 'node';
    byId('node').hidden = !node;
    byId('detail').hidden = node;
    document.title = `${this.#view.kind === 'group' ? `${this.#view.name} \u2013 ` : this.#view.kind === 'process' ? `process ${this.#view.pid} \u2013 ` : ''}${document.body.dataset.title}`;
    if (node) {
      byId('detail').replaceChildren();
      const back = from.kind === 'group' ? [...document.querySelectorAll('#groups a')].find(link => link.getAttribute('href') === `#group?${from.query}`) : null;
      if (focus) {
        (back ?? byId('groups-title')).focus();
      }
      return;
    }
    if (this.#view.kind === 'group') {
      this.#open(this.#view.name, [['Node', '#']]);
      this.#view.part = new GroupView(this.#view.query);
      this.#showGroup();
    } else {
      this.#showProcess();
    }
    if (focus) {
      window.scrollTo(0, 0);
    }
    byId('detail-title').focus({ preventScroll: true });
  }

  #open(heading, trail) {
    byId('detail').replaceChildren(
      el('nav', { class: 'trail', 'aria-label': 'You are here' }, ...trail.map(([label, href]) => el('a', { href }, label))),
      el('h2', { id: 'detail-title', tabindex: '-1' }, heading), el('div', { id: 'detail-body' }, el('p', { class: 'muted' }, 'Reading\u2026')));
  }

  async #showGroup() {
    const view = this.#view;
    try {
      const answer = await fetch(`api/v1/groups?${view.query}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
      const groups = answer.ok ? (await answer.json()).groups : [];
      if (this.#view !== view) {
        return;
      }
      // Others may have the same name and further labels.
      const series = groups.find(candidate => query(candidate) === view.query);
      if (!series) {
        byId('detail-body').replaceChildren(el('p', {}, answer.ok ? 'This group has no process now.' : `The agent answers ${answer.status}.`));
        return;
      }
      byId('detail-title').textContent = title(series);
      view.part.update(series, this.#history);
      if (!byId('detail-body').contains(view.part.element)) {
        byId('detail-body').replaceChildren(view.part.element);
      }
    } catch (error) {
      this.#failed(view, error);
    }
  }

  async #showProcess() {
    const view = this.#view;
    const group = new URLSearchParams(view.query).get('group');
    this.#open(`process ${view.pid}`, [['Node', '#'], ...(group === null ? [] : [[name(group), `#group?${view.query}`]])]);
    try {
      const answer = await fetch(`api/v1/processes/${encodeURIComponent(view.pid)}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
      const json = answer.headers.get('Content-Type')?.startsWith('application/json');
      const body = json ? await answer.json() : (await answer.text()).trim();
      if (this.#view !== view) {
        return;
      }
      const again = el('button', { type: 'button' }, 'Read again');
      again.addEventListener('click', async () => { await this.#showProcess(); byId('detail-title').focus(); });
      if (!answer.ok || !json) {
        byId('detail-body').replaceChildren(el('p', {}, name(json ? `The agent answers ${answer.status}.` : body)), again);
        return;
      }
      byId('detail-title').textContent = `${name(body.comm)} [${body.pid}]`;
      byId('detail-body').replaceChildren(...processView(body), again);
    } catch (error) {
      this.#failed(view, error);
    }
  }

  #failed(view, error) {
    if (this.#view === view) {
      byId('detail-body').replaceChildren(el('p', {}, `The agent cannot be reached (${error.message}).`));
    }
  }
}

new Page().start();
