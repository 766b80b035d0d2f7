import { all, announce } from './live';

/** Reads the content aloud, paragraph by paragraph; where the browser cannot speak, the button never shows. */
export function readAloud(): void {
  const buttons = all<HTMLButtonElement>('[data-read-aloud]');
  if (!('speechSynthesis' in window) || !buttons.length) return;
  const speech = window.speechSynthesis;
  let reading = false;

  const label = (text: string) => {
    for (const button of buttons) {
      const words = button.lastChild;
      if (words) words.textContent = text;
      button.setAttribute('aria-pressed', String(reading));
    }
  };
  const stop = () => {
    reading = false;
    speech.cancel();
    for (const part of all('.reading')) part.classList.remove('reading');
    label('朗读');
  };
  const start = () => {
    const parts = all('#content :is(h1, h2, h3, p, li, dt, dd, td, label, legend)').filter(
      (part) => part.offsetParent && part.innerText.trim() && !part.querySelector('p, li, dt, dd, td'),
    );
    const next = (index: number) => {
      const part = parts[index];
      if (!reading || !part) return stop();
      const words = new SpeechSynthesisUtterance(part.innerText);
      words.lang = 'zh-CN';
      words.rate = 0.9;
      words.onend = () => {
        part.classList.remove('reading');
        next(index + 1);
      };
      words.onerror = stop;
      part.classList.add('reading');
      part.scrollIntoView({ block: 'nearest' });
      speech.speak(words);
    };
    reading = true;
    label('停止');
    announce('开始朗读');
    next(0);
  };

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener('click', () => (reading ? stop() : start()));
  }
  window.addEventListener('pagehide', stop);
}
