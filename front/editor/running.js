// Runs queries in the page: fetches the page that the form would lead to, and puts its answer in place.

const ANSWER = 'page-answer';

export class Runner {
  #form; #words; #button; #progress; #controller = null;
  onFault = () => {};

  constructor(form, words) {
    this.#form = form;
    this.#words = words;
    this.#button = form.querySelector('button.main');
    this.#progress = document.getElementById('page-progress');
  }

  begin() {
    this.#form.addEventListener('submit', (event) => this.#submit(event));
    addEventListener('popstate', () => location.reload());
    document.getElementById(ANSWER).addEventListener('click', (event) => this.#follow(event));
    document.querySelector('.ask .share')?.addEventListener('click', (event) => this.#share(event.currentTarget));
    this.#showFault();
  }

  /** The address of the page that answers what is written now. */
  #address() {
    const fields = new URLSearchParams(new FormData(this.#form));
    if (fields.get('format') === 'html') fields.delete('format');
    return `${new URL(this.#form.action).pathname}?${fields}`;
  }

  #submit(event) {
    if (this.#controller) {
      event.preventDefault();
      this.#controller.abort();
    } else if ((this.#form.elements.format?.value ?? 'html') === 'html') { // a file is the browser's own business
      event.preventDefault();
      document.getElementById(ANSWER).replaceChildren(); // what stands there answers another query
      this.#showFault();
      this.#run(this.#address());
    }
  }

  /** Links between the views of an answer. */
  #follow(event) {
    const link = event.target.closest('a[data-swap]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!this.#controller) this.#run(link.getAttribute('href'), link.id);
  }

  async #run(address, focus) {
    this.#controller = new AbortController();
    const stopTelling = this.#tellTime();
    try {
      const response = await fetch(address, { signal: this.#controller.signal, headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      history.pushState(null, '', address);
      this.#show(page);
      this.#say('');
      if (focus) document.getElementById(focus)?.focus();
    } catch {
      this.#say(this.#controller.signal.aborted ? this.#words.stopped : this.#words.unreachable);
    } finally {
      stopTelling();
      this.#controller = null;
    }
  }

  #show(page) {
    for (const place of [`#${ANSWER}`, '.ask .list']) {
      const [now, next] = [document.querySelector(place), page.querySelector(place)];
      if (now && next) now.replaceChildren(...next.childNodes);
    }
    for (const link of document.querySelectorAll('.tools a[hreflang]')) { // the other language keeps the query
      const next = page.querySelector(`.tools a[hreflang="${link.hreflang}"]`);
      if (next) link.href = next.getAttribute('href');
    }
    this.#showFault();
  }

  #showFault() {
    const fault = document.querySelector(`#${ANSWER} .fault[data-line]`);
    this.onFault(fault && {
      line: Number(fault.dataset.line), column: Number(fault.dataset.column), message: fault.dataset.message,
    });
  }

  /** Run becomes Stop, and seconds are counted where the eye, but no screen reader, follows them. */
  #tellTime() {
    const run = this.#button.textContent;
    const seconds = document.createElement('span');
    seconds.ariaHidden = 'true';
    let passed = 0;
    const clock = setInterval(() => { passed += 1; seconds.textContent = ` ${passed} s`; }, 1000);
    this.#button.textContent = this.#words.stop;
    this.#say(this.#words.running);
    this.#progress.append(seconds);
    return () => {
      clearInterval(clock);
      this.#button.textContent = run;
    };
  }

  #say(text) {
    this.#progress.textContent = text;
    if (!text) { // the answer itself stands below; only readers of the screen need to hear of it
      const told = document.querySelector(`#${ANSWER} [role=status]`)?.cloneNode(true);
      told?.querySelectorAll('a').forEach((link) => link.remove());
      const heard = document.createElement('span');
      heard.className = 'vh';
      heard.textContent = told?.textContent.replace(/[\s·]+/g, ' ') ?? '';
      this.#progress.append(heard);
    }
  }

  async #share(button) {
    const label = button.textContent;
    await navigator.clipboard.writeText(new URL(this.#address(), location.href).href);
    button.textContent = this.#words.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  }
}
