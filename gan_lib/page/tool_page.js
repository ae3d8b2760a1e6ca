// The part of a notebook's tool that lives in the page (gan_lib/widgets/page_part.py): networks
// draw here, without the kernel, and what has a place in the picture is held with the hand.

import { network, slerp } from "./networks.js";
import { element, paint } from "./parts.js";
import { HOLDS } from "./tool_hold.js";

// All tools in the page share their networks, whose names change with their weights.
const shared = globalThis.ganCourse ??= { networks: new Map(), views: new Set() };

const ALIVE = "gan-tool-alive"; // a class of the tool's box; ":has(canvas)" would slow each move
const REST = 200; // milliseconds after which a control that has moved is at rest

class ToolView {
  constructor(model, place) {
    Object.assign(this, { model, place, plan: {}, networks: [], heard: [], waiting: false });
    this.tool = model.get("picture"); // two views of one tool have the same picture
    this.canvas = element("canvas", { class: "gan-tool-live", role: "img",
      style: "max-width: 100%" });
    this.still = element("canvas"); // what stays while the controls move
    for (const canvas of [this.canvas, this.still]) canvas.pen = canvas.getContext("2d");
  }

  async start() {
    shared.views.add(this);
    const find = name => this.model.widget_manager.get_model(name.replace("IPY_MODEL_", ""));
    this.controls = await Promise.all(this.model.get("controls").map(find));
    this.picture = await find(this.tool);
    this.controls.forEach(control => this.hear(control, "change:value", () => this.move()));
    this.hear(this.picture, "change:value", () => this.readPicture());
    this.hear(this.model, "change:plan", () => this.readPlan());
    this.hear(this.model, "change:alt", () => this.say());
    this.hold();
    this.say();
    await this.readPlan();
  }

  end() {
    this.heard.forEach(([one, event, answer]) => one.off(event, answer));
    shared.views.delete(this);
    clearTimeout(this.rest);
    this.plan = {};
    this.leave();
  }

  // --- what the kernel says ---------------------------------------------------------------------

  hear(one, event, answer) {
    const guarded = this.guarded(answer);
    one.on(event, guarded);
    this.heard.push([one, event, guarded]);
  }

  async readPlan() {
    const plan = this.newest = this.model.get("plan");
    if (!plan.pictures) return this.model.send({ wants: "plan" });
    const networks = await Promise.all(plan.keys.map(key => this.fetch(key)));
    // A newer plan is being read, or the view has gone.
    if (plan !== this.newest || !shared.views.has(this)) return;
    if (networks.includes(null)) return this.leave();
    Object.assign(this, { plan, networks });
    forget();
    await this.readPicture();
  }

  // The kernel's picture lies below: its frames and words stay, the fakes are drawn over.
  async readPicture() {
    if (!this.plan.pictures) return;
    const png = this.picture.get("value"), found = await createImageBitmap(new Blob([png]));
    if (!this.plan.pictures || png !== this.picture.get("value")) return; // a newer one comes
    const { still, canvas } = this;
    [still.width, still.height] = [found.width, found.height];
    still.pen.drawImage(found, 0, 0);
    this.drawFakes(still, this.plan.pictures.filter(({ z }) => z));
    if (canvas.width !== found.width) canvas.width = found.width;
    if (canvas.height !== found.height) canvas.height = found.height;
    canvas.style.touchAction = this.plan.hold ? "none" : "auto";
    this.draw();
    if (!canvas.parentNode) this.arrive();
  }

  say() { this.canvas.setAttribute("aria-label", this.model.get("alt")); }

  // Return the network with this name, or null if the kernel cannot give it. It travels once.
  fetch(key) {
    if (!shared.networks.has(key)) {
      shared.networks.set(key, new Promise(done => {
        const answer = (said, buffers) => {
          if (said.key !== key) return;
          this.model.off("msg:custom", answer);
          if (buffers.length === 0) shared.networks.delete(key);
          done(buffers.length ? network(JSON.parse(new TextDecoder().decode(buffers[0]))) : null);
        };
        this.model.on("msg:custom", answer);
        this.model.send({ wants: key });
      }));
    }
    return shared.networks.get(key);
  }

  // --- drawing ----------------------------------------------------------------------------------

  // When the controls rest, the kernel says what it did not say while they moved: the words, and
  // whether the networks are still the same.
  move() {
    this.wish();
    clearTimeout(this.rest);
    if (!this.plan.pictures || this.networks.length === 0) return; // the kernel draws
    this.rest = setTimeout(() => this.model.send({ wants: "plan" }), REST);
  }

  // Draws at once, and then at most once a frame: of several wishes before it, one is met.
  wish() {
    this.wished = this.waiting;
    if (this.waiting || !this.plan.pictures) return;
    this.draw();
    this.waiting = true;
    requestAnimationFrame(this.guarded(() => {
      this.waiting = false;
      if (this.wished) this.wish();
    }));
  }

  draw() {
    const { canvas, still, plan } = this, values = this.values();
    canvas.pen.drawImage(still, 0, 0);
    const moving = plan.pictures.filter(({ z }) => !z);
    if (moving.length) this.drawFakes(canvas, moving, noiseAt(plan, values));
    if (plan.hold) HOLDS[plan.hold.kind].mark(canvas.pen, plan.hold, values);
  }

  drawFakes(canvas, pictures, point) {
    for (const { network, z, left, top, scale } of pictures) {
      const G = this.networks[network];
      const x = G.forward(Float32Array.from((z ?? point).slice(0, G.zDim)));
      paint(canvas, x, G.shape, scale, left, top);
    }
  }

  values() { return this.controls.map(control => control.get("value")); }

  // --- the hand ---------------------------------------------------------------------------------

  hold() {
    const { canvas } = this;
    let move = null;
    const at = event => {
      const { area: [left, top, size], cells } = this.plan.hold;
      const box = canvas.getBoundingClientRect(), zoom = canvas.width / box.width;
      return [left, top].map((start, i) => cells / size
        * ((i ? event.clientY - box.top : event.clientX - box.left) * zoom - start));
    };
    const take = event => HOLDS[this.plan.hold.kind].taken(
      at(event), this.values(), this.plan.hold, event.pointerType === "touch" ? 28 : 14);
    const on = (name, answer) => canvas.addEventListener(name, this.guarded(event => {
      if (this.plan.hold) answer(event);
    }));
    on("pointerdown", event => {
      move = take(event)?.move;
      if (!move) return;
      canvas.setPointerCapture(event.pointerId);
      this.set(move(at(event)));
    });
    on("pointermove", event => {
      if (move) this.set(move(at(event)));
      else canvas.style.cursor = take(event)?.cursor ?? "default";
    });
    for (const name of ["pointerup", "pointercancel"]) on(name, () => { move = null; });
  }

  set(values) {
    this.controls.forEach((control, i) => {
      const [low, high, step] = ["min", "max", "step"].map(name => control.get(name));
      const whole = low + Math.round((values[i] - low) / step) * step;
      const value = Number(Math.min(high, Math.max(low, whole)).toFixed(6));
      if (value === control.get("value")) return;
      control.set("value", value);
      control.save_changes(); // while the kernel is busy, only the newest waits
    });
  }

  // --- here, or not -----------------------------------------------------------------------------

  arrive() { // the page's picture takes the place of the kernel's
    this.place.replaceChildren(this.canvas); // an error that was said before goes
    this.place.closest(".gan-tool")?.classList.add(ALIVE);
    this.tell(true);
  }

  leave() { // the kernel's picture is seen again
    this.place.closest(".gan-tool")?.classList.remove(ALIVE);
    this.canvas.remove();
    this.tell([...shared.views].some(view => view.tool === this.tool && view.canvas.parentNode));
  }

  tell(alive) {
    this.model.set("alive", alive);
    this.model.save_changes();
  }

  guarded(action) {
    return async (...given) => {
      try {
        await action(...given);
      } catch (error) {
        this.fail(error);
      }
    };
  }

  fail(error) {
    this.place.replaceChildren(element("div", { role: "alert" },
      `The page cannot draw this, so the kernel does. ${error}`));
    this.plan = {};
    this.leave();
  }
}

// The noise vector that the controls stand for: a walk along directions, or a point between four
// corners: top left, top right, bottom left, bottom right.
function noiseAt({ rest, directions, corners }, values) {
  if (corners) {
    const [right, down] = values, [left, other] = [0, 1].map(
      side => slerp(corners[side], corners[side + 2], down));
    return slerp(left, other, right);
  }
  return rest.map((start, i) => directions.reduce(
    (sum, direction, k) => sum + values[k] * direction[i], start));
}

// Networks that no tool shows any more, such as those that were trained further, go.
function forget() {
  const used = new Set([...shared.views].flatMap(view => view.model.get("plan").keys ?? []));
  for (const key of shared.networks.keys()) if (!used.has(key)) shared.networks.delete(key);
}

async function render({ model, el }) {
  const view = new ToolView(model, el);
  await view.guarded(() => view.start())();
  return () => view.end();
}

export default { render };
