// A process drawn to be looked at: where it stands, or how two versions differ.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { element, fit } from './board';
import { chinese } from './chinese';
import { tongban } from './moddle';

interface Mark {
  element: string;
  state: 'done' | 'waiting' | 'cancelled' | 'stuck';
  at: string;
  who: string;
  comment: string;
}

interface Change {
  id: string;
  what: 'added' | 'removed' | 'changed';
}

interface Data {
  xml: string;
  marks?: Mark[];
  changes?: Change[];
  side?: 'before' | 'after';
}

async function show(figure: HTMLElement): Promise<void> {
  const data = JSON.parse(figure.querySelector('script')!.textContent!) as Data;
  const holder = figure.querySelector<HTMLElement>('.diagram__canvas')!;
  // Most drawings have positions; the layout is fetched for those that do not.
  const xml = /BPMNShape/.test(data.xml) ? data.xml : await (await import('./layout')).withDiagram(data.xml);
  figure.dataset.drawn = '';
  const viewer = new NavigatedViewer({ container: holder, moddleExtensions: { tongban }, additionalModules: [chinese] }) as any;
  await viewer.importXML(xml);
  const [canvas, overlays, registry] = ['canvas', 'overlays', 'elementRegistry'].map((name) => viewer.get(name)) as any[];
  for (const mark of data.marks ?? []) {
    const shape = registry.get(mark.element);
    if (!shape) continue;
    canvas.addMarker(mark.element, `mark-${mark.state}`);
    const said = [mark.who, mark.at, mark.comment].filter(Boolean);
    // Beside tasks only: below events and gateways stand their names.
    if (said.length && /Task$/.test(shape.type)) {
      const note = element('div', { class: `diagram__note diagram__note--${mark.state}`, title: mark.comment }, ...said.map((line) => element('span', {}, line)));
      overlays.add(mark.element, { position: { bottom: -4, left: 0 }, html: note });
    }
  }
  for (const change of data.changes ?? []) {
    const here = data.side === 'before' ? change.what !== 'added' : change.what !== 'removed';
    if (here && registry.get(change.id)) canvas.addMarker(change.id, `change-${change.what}`);
  }
  const waiting = (data.marks ?? []).find((mark) => mark.state === 'waiting' || mark.state === 'stuck');
  look(canvas, registry.get(waiting?.element ?? ''));
  figure.append(tools(canvas));
}

/** Below this nobody can read it. */
const READABLE = 0.7;
/** Room around it. */
const AIR = 24;

/** The whole drawing where it can be read so; otherwise the place where it waits, to be moved by hand. */
function look(canvas: any, at?: { x: number; y: number; width: number; height: number }): void {
  fit(canvas);
  if (canvas.zoom() >= READABLE) return;
  const { outer, inner } = canvas.viewbox();
  const [width, height] = [outer.width / READABLE, outer.height / READABLE];
  // Around where it waits, but never beyond the drawing while there is more of it on the other side.
  const along = (from: number, size: number, shown: number, middle: number): number => {
    const [first, last] = [from - AIR, from + size + AIR - shown];
    return last < first ? (first + last) / 2 : Math.min(Math.max(middle - shown / 2, first), last);
  };
  const x = along(inner.x, inner.width, width, at ? at.x + at.width / 2 : inner.x);
  const y = along(inner.y, inner.height, height, at ? at.y + at.height / 2 : inner.y + inner.height / 2);
  canvas.viewbox({ x, y, width, height });
}

/** Buttons for those who have no wheel. */
function tools(canvas: any): HTMLElement {
  const button = (label: string, act: () => void): HTMLElement => {
    const made = element('button', { type: 'button', class: 'diagram__tool' }, label);
    made.addEventListener('click', act);
    return made;
  };
  return element('div', { class: 'diagram__tools', role: 'group', 'aria-label': '查看流程图' },
    button('放大', () => canvas.zoom(canvas.zoom() * 1.25)), button('缩小', () => canvas.zoom(canvas.zoom() / 1.25)), button('全图', () => fit(canvas)));
}

for (const figure of document.querySelectorAll<HTMLElement>('[data-diagram]')) show(figure).catch((error: unknown) => console.error(error));
