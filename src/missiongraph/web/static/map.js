// Closer looks at a map: by buttons, by the wheel with Ctrl, by dragging with a mouse. The page scrolls as ever.
const MOST = 16;

class ZoomMap extends HTMLElement { // an element of its own, so that a map that comes later is one too
  #svg; #whole; #places; #zoom = 1; #x = 0; #y = 0; #drag = null;

  connectedCallback() {
    this.#svg = this.querySelector('svg');
    this.#whole = this.#svg.viewBox.baseVal;
    this.#whole = { width: this.#whole.width, height: this.#whole.height };
    this.#places = [...this.#svg.querySelectorAll('.place')].map((place) => {
      const [at, name] = [place.querySelector('.hit'), place.querySelector('text')];
      return { place, x: at.cx.baseVal.value, y: at.cy.baseVal.value, name, left: name.getAttribute('text-anchor') === 'end' };
    });
    const controls = this.querySelector('.zoom');
    controls.hidden = false;
    controls.addEventListener('click', (event) => this.#press(event.target.closest('button')));
    controls.addEventListener('keydown', (event) => this.#arrow(event));
    this.#svg.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.#svg.addEventListener('focusin', (event) => this.#follow(event.target));
    this.#svg.addEventListener('pointerdown', (event) => this.#grasp(event));
    this.#svg.addEventListener('pointermove', (event) => this.#pull(event));
    this.#svg.addEventListener('dragstart', (event) => event.preventDefault());
    this.#svg.addEventListener('click', (event) => { if (this.#drag?.moved) event.preventDefault(); }, true);
  }

  #press(button) {
    if (button) this.#to(this.#zoom * button.dataset.zoom, this.#x + this.#width / 2, this.#y + this.#height / 2, 0.5, 0.5);
  }

  #arrow(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || this.#zoom === 1) return;
    event.preventDefault();
    this.#move(this.#x + step[0] * this.#width / 4, this.#y + step[1] * this.#height / 4);
  }

  #wheel(event) {
    if (!event.ctrlKey) return; // or the page could not be scrolled past the map
    event.preventDefault();
    const box = this.#svg.getBoundingClientRect();
    const [right, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const at = [this.#x + right * this.#width, this.#y + down * this.#height];
    this.#to(this.#zoom * 2 ** (-Math.sign(event.deltaY) / 2), ...at, right, down);
  }

  // A place that the keyboard comes to is brought into sight.
  #follow(target) {
    const found = this.#places.find(({ place }) => place === target);
    if (found && !this.#sees(found)) this.#move(found.x - this.#width / 2, found.y - this.#height / 2);
  }

  #grasp(event) {
    this.#drag = this.#zoom > 1 && event.pointerType === 'mouse' && event.button === 0
      ? { x: event.clientX, y: event.clientY, left: this.#x, top: this.#y, moved: false } : null;
  }

  #pull(event) {
    if (!this.#drag || !(event.buttons & 1)) return;
    const [right, down] = [event.clientX - this.#drag.x, event.clientY - this.#drag.y];
    if (!this.#drag.moved && Math.hypot(right, down) < 5) return; // a click with an unsteady hand
    if (!this.#drag.moved) this.#svg.setPointerCapture(event.pointerId);
    this.#drag.moved = true;
    const scale = this.#width / this.#svg.getBoundingClientRect().width;
    this.#move(this.#drag.left - right * scale, this.#drag.top - down * scale);
  }

  // The point (x, y) of the map comes to stand where *right* and *down* say, as shares of the picture.
  #to(zoom, x, y, right, down) {
    this.#zoom = Math.min(MOST, Math.max(1, zoom));
    this.#move(x - right * this.#width, y - down * this.#height);
    const [closer, farther] = this.querySelectorAll('.zoom button');
    closer.disabled = this.#zoom === MOST;
    farther.disabled = this.#zoom === 1;
  }

  #move(x, y) {
    this.#x = Math.min(this.#whole.width - this.#width, Math.max(0, x));
    this.#y = Math.min(this.#whole.height - this.#height, Math.max(0, y));
    this.#svg.setAttribute('viewBox', `${this.#x} ${this.#y} ${this.#width} ${this.#height}`);
    for (const { place, x: across, y: down } of this.#places) { // dots and names keep their size
      const share = 1 - 1 / this.#zoom;
      place.setAttribute('transform', `translate(${across * share} ${down * share}) scale(${1 / this.#zoom})`);
    }
    this.#name();
  }

  // The closer, the more names have room.
  #name() {
    const seen = this.#zoom > 1 ? this.#places.filter((one) => this.#sees(one)) : [];
    const at = ({ x, y }) => [(x - this.#x) * this.#zoom, (y - this.#y) * this.#zoom];
    const taken = seen.map((one) => { const [x, y] = at(one); return [x - 4, y - 4, x + 4, y + 4]; });
    for (const one of this.#places) one.place.classList.remove('shown');
    for (const one of seen) {
      const [x, y] = at(one);
      const length = one.name.getComputedTextLength();
      const west = one.left ? x - 9 - length : x + 9;
      const box = [west, y - 8, west + length, y + 8];
      if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      taken.push(box);
      one.place.classList.add('shown');
    }
  }

  #sees({ x, y }) {
    return x >= this.#x && x <= this.#x + this.#width && y >= this.#y && y <= this.#y + this.#height;
  }

  get #width() { return this.#whole.width / this.#zoom; }

  get #height() { return this.#whole.height / this.#zoom; }
}

customElements.define('zoom-map', ZoomMap);
