// What the three drawing boards share: loading the draft, saving it by itself, showing where that stands, and the problems list.

export interface Finding {
  severity: 'error' | 'advice';
  element: string | null;
  message: string;
}

interface Saved {
  lock: number;
  saved: string;
  findings: Finding[];
}

/** Pause after the last change before saving, and after a failure before trying again (milliseconds). */
const QUIET = 1200;
const RETRY = 5000;

/** What an editor has to offer. */
export interface Editor {
  /** The whole content, as it is to be stored. */
  content(): Promise<string>;
  /** Shows the element a problem is about. */
  select(id: string): void;
}

export class Board {
  readonly canvas: HTMLElement;
  readonly panel: HTMLElement;
  readonly tools: HTMLElement;
  private readonly state: HTMLElement;
  private readonly findings: HTMLElement;
  private lock: string;
  private timer = 0;
  private dirty = false;
  private saving = false;
  /** Somebody else saved, or the page is too old: saving again would not help. */
  private stopped = false;
  private editor: Editor | undefined;

  constructor(private readonly root: HTMLElement) {
    const part = (name: string) => root.querySelector<HTMLElement>(`[data-${name}]`)!;
    this.canvas = part('canvas');
    this.panel = part('panel');
    this.tools = part('tools');
    this.state = part('state');
    this.findings = part('findings');
    this.lock = root.dataset.lock ?? '0';
    this.findings.addEventListener('click', (event) => {
      const button = (event.target as HTMLElement).closest<HTMLElement>('[data-element]');
      if (button) this.editor?.select(button.dataset.element!);
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.dirty) event.preventDefault();
    });
    window.addEventListener('online', () => this.changed());
  }

  /** The draft as the server has it. */
  async load(): Promise<string> {
    const answer = await fetch(this.root.dataset.file!, { headers: { Accept: '*/*' } });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.text();
  }

  /** What the page offers to choose from. */
  options<T>(): T {
    return JSON.parse(this.root.querySelector('[data-options]')?.textContent ?? '{}') as T;
  }

  attach(editor: Editor): void {
    this.editor = editor;
    this.root.dataset.ready = '';
  }

  /** Says that something could not be shown at all. */
  broken(error: unknown): void {
    console.error(error);
    this.say('error', '草稿打不开，可能文件不完整。可以用下面的“用文件修改”下载检查。');
  }

  /** A tool button in the bar. */
  tool(label: string, act: () => void, hint = ''): void {
    const button = element('button', { type: 'button', class: 'designer__tool', title: hint }, label);
    button.addEventListener('click', act);
    this.tools.append(button);
  }

  /** Something was changed: it is saved when the hand rests. */
  changed(): void {
    if (this.stopped || (!this.editor && !this.dirty)) return;
    this.dirty = true;
    this.say('pending', '有修改，还没保存');
    this.later(QUIET);
  }

  private later(wait: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), wait);
  }

  private async save(): Promise<void> {
    if (!this.editor || this.saving || !this.dirty) return;
    this.saving = true;
    this.dirty = false;
    this.say('pending', '正在保存…');
    try {
      const form = new FormData();
      form.append('_token', this.root.dataset.token!);
      form.append('lock', this.lock);
      form.append('content', await this.editor.content());
      const answer = await fetch(this.root.dataset.save!, { method: 'POST', body: form, headers: { Accept: 'application/json' } });
      if (answer.ok) this.saved((await answer.json()) as Saved);
      else await this.refused(answer);
    } catch (error) {
      console.error(error);
      this.failed('保存失败，网络可能断了，正在重试');
    } finally {
      this.saving = false;
    }
    if (this.dirty && !this.stopped && this.state.dataset.tone === 'good') this.later(QUIET);
  }

  private saved(answer: Saved): void {
    this.lock = String(answer.lock);
    for (const input of document.querySelectorAll<HTMLInputElement>('input[name=lock]')) input.value = this.lock;
    this.say('good', `已保存 ${answer.saved}`);
    this.list(answer.findings);
  }

  private async refused(answer: Response): Promise<void> {
    const problem = (await answer.json().catch(() => ({}))) as { title?: string };
    if (answer.status >= 500) {
      this.failed('保存失败，系统繁忙，正在重试');
      return;
    }
    this.dirty = true;
    this.stopped = true;
    this.say('error', `保存失败：${problem.title ?? '请刷新页面后重试。'}`);
    this.tool('下载手上的版本', () => void this.download());
  }

  private failed(words: string): void {
    this.dirty = true;
    this.say('error', words);
    this.later(RETRY);
  }

  private async download(): Promise<void> {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([await this.editor!.content()]));
    link.download = '手上的版本.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  }

  private say(tone: 'good' | 'pending' | 'error', words: string): void {
    this.state.dataset.tone = tone;
    this.state.textContent = words;
  }

  private list(findings: Finding[]): void {
    const tag = (kind: string, words: string) => element('strong', { class: `govuk-tag tag tag--${kind}` }, words);
    const items = findings.map((finding) => {
      const mark = finding.severity === 'error' ? tag('alert', '须改正') : tag('caution', '建议');
      const text = finding.element
        ? element('button', { type: 'button', class: 'findings__go', 'data-element': finding.element }, finding.message)
        : finding.message;
      return element('li', {}, mark, ' ', text);
    });
    if (!items.length) items.push(element('li', {}, tag('good', '通过'), ' 没有发现问题，可以试运行、提交审核。'));
    this.findings.replaceChildren(...items);
  }
}

/** Shows a whole drawing, with a little air so that no line at its edge is cut. */
export function fit(canvas: any): void {
  canvas.zoom('fit-viewport', 'auto');
  const { x, y, width, height } = canvas.viewbox();
  const air = 0.03;
  canvas.viewbox({ x: x - width * air, y: y - height * air, width: width * (1 + 2 * air), height: height * (1 + 2 * air) });
}

/** An element with attributes and content. */
export function element(name: string, attributes: Record<string, string>, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Starts an editor on the board of this page, if there is one. */
export function onBoard(start: (board: Board) => Promise<void>): void {
  const root = document.querySelector<HTMLElement>('[data-designer]');
  if (!root) return;
  const board = new Board(root);
  start(board).catch((error: unknown) => board.broken(error));
}
