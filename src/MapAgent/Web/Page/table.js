// A table that sorts by its heads and keeps its rows, and with them the reader's focus, from update to update.
import { el } from './format.js';

export class Table {
  #columns; #key; #body; #rows = new Map(); #data = []; #sort; #heads = new Map(); #limit; #more; #all = false; #filter = () => true; #text;

  // columns: { id, label, help, class, head, value(row), cell(td, row) }; without value a column does not sort.
  constructor({ caption, columns, key, sort, limit = Infinity, text = () => '' }) {
    this.#columns = columns;
    this.#key = key;
    this.#sort = sort;
    this.#limit = limit;
    this.#text = text;
    this.#body = el('tbody');
    this.#more = el('button', { type: 'button', class: 'more', hidden: true });
    this.#more.addEventListener('click', () => { this.#all = !this.#all; this.#show(); });
    const table = el('table', {}, el('caption', { class: 'sr' }, caption), el('thead', {}, el('tr', {}, ...columns.map(column => this.#head(column)))), this.#body);
    this.element = el('div', { class: 'table' }, table, this.#more);
  }

  update(data) {
    this.#data = data;
    this.#show();
  }

  // Shows only rows whose text holds this.
  filter(part) {
    const wanted = part.trim().toLowerCase();
    this.#filter = wanted === '' ? () => true : row => this.#text(row).toLowerCase().includes(wanted);
    this.#show();
    return this.#data.filter(this.#filter).length;
  }

  #head(column) {
    if (!column.value) {
      return el('th', { scope: 'col', class: column.class, title: column.help }, column.label);
    }
    const button = el('button', { type: 'button', title: column.help }, column.label);
    button.addEventListener('click', () => {
      const same = this.#sort.id === column.id;
      // Numbers begin with the largest, names with the first.
      this.#sort = { id: column.id, down: same ? !this.#sort.down : !column.ascending };
      this.#show();
    });
    const head = el('th', { scope: 'col', class: column.class }, button);
    this.#heads.set(column.id, head);
    return head;
  }

  #ordered() {
    const column = this.#columns.find(candidate => candidate.id === this.#sort.id);
    const sign = this.#sort.down ? -1 : 1;
    return this.#data.filter(this.#filter).sort((a, b) => {
      const left = column.value(a);
      const right = column.value(b);
      // Unknown comes last whichever way it is sorted.
      if (left === undefined || right === undefined) {
        return (left === undefined) - (right === undefined) || (this.#key(a) < this.#key(b) ? -1 : 1);
      }
      return sign * (typeof left === 'string' ? (left < right ? -1 : left > right ? 1 : 0) : left - right) || (this.#key(a) < this.#key(b) ? -1 : 1);
    });
  }

  #show() {
    for (const [id, head] of this.#heads) {
      const sorted = id === this.#sort.id;
      head.setAttribute('aria-sort', sorted ? (this.#sort.down ? 'descending' : 'ascending') : 'none');
    }
    const ordered = this.#ordered();
    const shown = this.#all ? ordered : ordered.slice(0, this.#limit);
    this.#more.hidden = ordered.length <= this.#limit;
    this.#more.textContent = this.#all ? 'Show fewer' : `Show all ${ordered.length}`;
    const focused = document.activeElement;
    const keys = new Set(shown.map(this.#key));
    for (const [key, tr] of this.#rows) {
      if (!keys.has(key)) {
        tr.remove();
        this.#rows.delete(key);
      }
    }
    shown.forEach((row, place) => {
      const key = this.#key(row);
      let tr = this.#rows.get(key);
      if (!tr) {
        tr = el('tr', {}, ...this.#columns.map((column, i) => el(i === 0 ? 'th' : 'td', i === 0 ? { scope: 'row', class: column.class } : { class: column.class })));
        this.#rows.set(key, tr);
      }
      this.#columns.forEach((column, i) => column.cell(tr.children[i], row));
      if (this.#body.children[place] !== tr) {
        this.#body.insertBefore(tr, this.#body.children[place] ?? null);
      }
    });
    if (focused !== document.activeElement && this.#body.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }
}

// A cell with one link that stays the same element.
export function linkCell(td, href, text, before) {
  let link = td.querySelector('a');
  if (!link) {
    link = el('a', {});
    td.replaceChildren(...(before ? [before] : []), link);
  }
  if (link.getAttribute('href') !== href) {
    link.setAttribute('href', href);
  }
  if (link.textContent !== text) {
    link.textContent = text;
  }
  return link;
}
