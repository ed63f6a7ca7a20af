// Numbers and names for people. Nothing here, or elsewhere on the page, turns text into markup.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const SVG = 'http://www.w3.org/2000/svg';

export function bytes(value) {
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

export const count = value => value.toLocaleString('en-US');

export function rate(value) {
  return value === 0 ? '0' : value < 0.01 ? '<0.01' : value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(Math.round(value));
}

export function age(seconds) {
  return seconds < 1 ? '<1 s' : seconds < 120 ? `${seconds.toFixed(0)} s` : seconds < 7200 ? `${(seconds / 60).toFixed(0)} min`
    : seconds < 172800 ? `${(seconds / 3600).toFixed(0)} h` : `${(seconds / 86400).toFixed(0)} d`;
}

export const percent = (ratio, digits = 1) => `${(ratio * 100).toFixed(digits)} %`;

export const milliseconds = seconds => `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms`;

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

// A name comes from a process: what steers a line (control characters, marks that turn it around) is shown as a replacement.
export const name = text => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

// An element with attributes and children; strings become text.
export function el(tag, attributes = {}, ...children) {
  const svg = tag === 'svg' || tag === 'path' || tag === 'rect' || tag === 'line';
  const node = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(key, value === true ? '' : value);
    }
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

// A label and what it is of; flagged when it wants a look.
export function fact(label, children, flag = false) {
  return el('div', { class: flag ? 'fact flag' : 'fact' }, el('dt', {}, label), el('dd', {}, ...(Array.isArray(children) ? children : [children])));
}

// What is unknown is a dash with its reason, never 0.
export function unknown(reason) {
  return el('span', { class: 'unknown', title: reason }, '\u2013', el('span', { class: 'sr' }, ` unknown: ${reason}`));
}

// Fills a node with a value, or with a dash; data-value holds the exact number.
export function put(node, value, text, reason, title) {
  const key = value === undefined || value === null ? `?${reason}` : `${value}`;
  if (node.dataset.shown === key && !title) {
    return node;
  }
  node.dataset.shown = key;
  if (value === undefined || value === null) {
    delete node.dataset.value;
    node.removeAttribute('title');
    node.replaceChildren(unknown(reason));
  } else {
    node.dataset.value = value;
    node.textContent = text(value);
    if (title) {
      node.title = title;
    }
  }
  return node;
}

export const putBytes = (node, value, reason) => put(node, value, bytes, reason, value === undefined ? '' : `${count(value)} bytes`);

const REASONS = {
  denied: 'refused by the kernel: the agent lacks CAP_SYS_PTRACE',
  budget: 'its turn within the CPU budget has not come',
  filtered: 'left out by its rule',
  gone: 'it has ended',
  failed: 'the read failed',
};

export const whyUnmeasured = reason => REASONS[reason] ?? reason;

// Why a group has no sum, or a sum of some members only; empty when all are measured.
export function coverage(series) {
  const parts = Object.entries(series.unmeasured ?? {}).filter(([, number]) => number > 0)
    .map(([reason, number]) => `${count(number)} ${reason} (${whyUnmeasured(reason)})`);
  return parts.length === 0 ? '' : `${series.measured} of ${series.processes} processes measured; not: ${parts.join(', ')}`;
}

export const whyNoSum = series => (series.measured === 0 ? coverage(series) || 'no process is measured yet' : 'this kernel does not tell');
