import { release } from './forms';
import { all, announce } from './live';

const size = (bytes: number) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** Names the chosen files, refuses those too large at once, takes files dropped on the box, shows how far sending is. */
export function uploads(): void {
  for (const box of all('[data-upload]')) chooser(box);
  for (const form of all<HTMLFormElement>('form[data-upload-form]')) withProgress(form);
}

function chooser(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>('input[type=file]');
  const chosen = box.querySelector<HTMLElement>('[data-upload-chosen]');
  if (!input || !chosen) return;
  const limit = Number(input.dataset.maxBytes ?? Infinity);
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    const large = files.find((file) => file.size > limit);
    chosen.classList.toggle('upload__chosen--bad', Boolean(large));
    chosen.textContent = large
      ? `“${large.name}”有 ${size(large.size)}，超过了 ${size(limit)}，请压缩后再选。`
      : files.map((file) => `${file.name}（${size(file.size)}）`).join('，');
    if (large) input.value = '';
  });
  const over = (on: boolean) => (event: DragEvent) => {
    event.preventDefault();
    box.classList.toggle('upload--over', on);
  };
  box.addEventListener('dragover', over(true));
  box.addEventListener('dragleave', over(false));
  box.addEventListener('drop', (event) => {
    over(false)(event);
    if (!event.dataTransfer?.files.length || input.disabled) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

/** Sends the form by XMLHttpRequest, the only way to learn progress, then shows the page that the server answers with. */
function withProgress(form: HTMLFormElement): void {
  form.addEventListener('submit', (event) => {
    const hasFiles = all<HTMLInputElement>('input[type=file]', form).some((input) => input.files?.length);
    if (!hasFiles || event.defaultPrevented) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter instanceof HTMLElement ? event.submitter : undefined);
    const address = (event.submitter as HTMLButtonElement | null)?.getAttribute('formaction') ?? form.action;
    const line = document.createElement('div');
    line.className = 'upload-progress';
    const bar = Object.assign(document.createElement('progress'), { max: 100, value: 0 });
    bar.setAttribute('aria-label', '上传进度');
    const words = document.createElement('span');
    line.append(bar, words);
    form.append(line);

    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.responseType = 'document';
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (!lengthComputable) return;
      bar.value = (loaded / total) * 100;
      words.textContent = loaded < total ? `已上传 ${Math.floor(bar.value)}%` : '正在检查文件…';
    };
    request.onload = () => {
      const page = request.responseXML?.documentElement;
      if (page) {
        // This page again with its errors, or where the server led on; loaded anew it would not say what was done.
        if (request.responseURL) window.history.replaceState(null, '', request.responseURL);
        document.replaceChild(document.importNode(page, true), document.documentElement);
        window.scrollTo(0, 0);
        document.dispatchEvent(new Event('page-replaced'));
      } else {
        window.location.reload();
      }
    };
    request.onerror = request.ontimeout = () => {
      line.remove();
      release(form);
      announce('没有上传成功');
      const problem = document.createElement('p');
      problem.className = 'govuk-error-message';
      problem.textContent = '没有上传成功，请检查网络后再试一次。';
      form.append(problem);
    };
    request.send(data);
  });
}
