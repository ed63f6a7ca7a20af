// A few minutes of the past, kept in this page only.
import { el } from './format.js';

const SPAN = 5 * 60;
const MOST = 300;

export class History {
  #points = new Map();

  // Adds a point of a series; value may be undefined: a gap.
  add(key, at, value) {
    const points = this.#points.get(key) ?? [];
    if (points.length > 0 && points[points.length - 1].at >= at) {
      return;
    }
    points.push({ at, value });
    while (points.length > MOST || points[0].at < at - SPAN) {
      points.shift();
    }
    this.#points.set(key, points);
  }

  of(key) {
    return this.#points.get(key) ?? [];
  }

  // Series that ended leave the window too.
  forget(at) {
    for (const [key, points] of this.#points) {
      if (points[points.length - 1].at < at - SPAN) {
        this.#points.delete(key);
      }
    }
  }
}

// A line over the last five minutes, from 0 at the bottom to the largest value at the top. Unknown times are gaps.
export function sparkline(points, { width, height, text, fill = false }) {
  const svg = el('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  svg.append(el('line', { class: 'base', x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }));
  const known = points.filter(point => point.value !== undefined);
  if (known.length > 0) {
    const end = points[points.length - 1].at;
    const top = Math.max(...known.map(point => point.value));
    const x = at => (width - 2 - ((end - at) / SPAN) * (width - 3)).toFixed(1);
    const y = value => (height - 1 - (top > 0 ? value / top : 0) * (height - 3)).toFixed(1);
    for (const run of runs(points)) {
      const line = run.map(point => `${x(point.at)},${y(point.value)}`).join('L');
      if (fill && run.length > 1) {
        svg.append(el('path', { class: 'area', d: `M${x(run[0].at)},${height - 1}L${line}L${x(run[run.length - 1].at)},${height - 1}Z` }));
      }
      svg.append(el('path', { class: 'line', d: run.length > 1 ? `M${line}` : `M${line}h1` }));
    }
  }
  return el('span', { class: 'chart', role: 'img', 'aria-label': text, title: text }, svg);
}

function runs(points) {
  const all = [];
  let run = [];
  for (const point of points) {
    if (point.value === undefined) {
      run = [];
    } else {
      if (run.length === 0) {
        all.push(run);
      }
      run.push(point);
    }
  }
  return all;
}
