// Keys, mouse and time. What keys do is in the replay's own table: the same as the window's.

const TURNS_A_SECOND = 2;
const SPEEDS = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32];

class Player {
  constructor(reel) {
    this.reel = reel;
    this.painter = new Painter($("#map canvas"), reel);
    this.panels = new Panels(reel);
    Object.assign(this, { position: 0, playing: false, speed: 1, slot: EVERYTHING, truth: true, typed: null,
      vision: true, trails: true, events: true, followed: null, camera: null, toastUntil: 0 });
    this.setTheme(document.body.dataset.theme);
    this.acts = new Map(reel.keys.map(([chord, act]) => [chord, act]));
    this.listen();
    const tick = (now) => {
      this.advance(Math.min((now - (this.last ?? now)) / 1000, 0.25));
      this.last = now;
      this.draw(now);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  get turn() { return Math.floor(this.position); }

  setTheme(name) {
    this.theme = { name, ...this.reel.themes[name] };
    for (const [key, value] of Object.entries(this.theme)) {
      if (typeof value === "string") document.body.style.setProperty(`--${key}`, value);
    }
    document.body.style.setProperty("--accent", name === "dark" ? this.reel.palette.orange : this.reel.palette.vermillion);
    document.body.dataset.theme = name;
  }

  advance(seconds) {
    if (!this.playing) return;
    this.position += seconds * this.speed * TURNS_A_SECOND;
    if (this.position >= this.reel.turns) {
      this.position = this.reel.turns;
      this.playing = false;
    }
  }

  moment() {
    return this.reel.moment(this.position, this.slot, this.truth || this.slot === EVERYTHING);
  }

  draw(now) {
    const moment = this.moment(), whole = this.painter.fit(this.reel.ground.box);
    const followed = moment.bodies.find((body) => body.slot === this.followed);
    if (!this.camera) this.camera = whole;
    if (followed) {
      const scale = Math.max(this.camera.scale, whole.scale * 2.2);
      this.camera = { x: this.camera.x + (followed.at[0] - this.camera.x) * 0.12,
        y: this.camera.y + (followed.at[1] - this.camera.y) * 0.12, scale: this.camera.scale + (scale - this.camera.scale) * 0.12 };
    } else if (this.isWhole) this.camera = whole;
    this.painter.paint(moment, this.camera, this.theme, this);
    this.panels.show(moment, this);
    if (this.typed !== null) $("#toast").textContent = `go to turn ${this.typed}_`;
    else if (now > this.toastUntil) $("#toast").textContent = "";
  }

  say(text) {
    $("#toast").textContent = text;
    this.toastUntil = performance.now() + 2500;
  }

  go(turn) {
    this.position = Math.min(Math.max(turn, 0), this.reel.turns);
    this.playing = false;
  }

  follow(slot) {
    this.followed = this.followed === slot ? null : slot;
    this.isWhole = this.followed === null;
  }

  act(name) {
    const { reel } = this;
    switch (name) {
      case "PLAY":
        if (!this.playing && this.position >= reel.turns) this.position = 0;
        this.playing = !this.playing;
        break;
      case "NEXT": this.go(this.turn + 1); break;
      case "BACK": this.go(Math.ceil(this.position) - 1); break;
      case "TEN_ON": this.go(this.turn + 10); break;
      case "TEN_BACK": this.go(this.turn - 10); break;
      case "FIRST": this.go(0); break;
      case "LAST": this.go(reel.turns); break;
      case "NEXT_EVENT": this.go((reel.events.find(([turn]) => turn > this.turn) || [this.position])[0]); break;
      case "LAST_EVENT": this.go((reel.events.findLast(([turn]) => turn < this.position) || [this.position])[0]); break;
      case "FASTER":
      case "SLOWER": {
        const place = SPEEDS.indexOf(this.speed) + (name === "FASTER" ? 1 : -1);
        this.speed = SPEEDS[Math.min(Math.max(place, 0), SPEEDS.length - 1)];
        break;
      }
      case "GO_TO": this.typed = ""; this.playing = false; break;
      case "NEXT_VIEW": this.look(1); break;
      case "LAST_VIEW": this.look(-1); break;
      case "LENS": this.truth = !this.truth; break;
      case "VISION": this.vision = !this.vision; break;
      case "TRAILS": this.trails = !this.trails; break;
      case "EVENTS": this.events = !this.events; break;
      case "LIGHT": this.setTheme(this.theme.name === "dark" ? "light" : "dark"); break;
      case "WHOLE": this.isWhole = true; this.followed = null; break;
      case "HELP": if ($("#help").open) $("#help").close(); else $("#help").show(); break;
      case "CLOSE": $("#help").close(); this.typed = null; break;
    }
  }

  // The next viewpoint: everything, or the lowest agent of each mind that somebody has now.
  look(step) {
    const frame = this.reel.view(EVERYTHING).frames[this.turn], alive = new Set(frame.b.filter((body) => body[6] === this.reel.well).map((body) => body[0]));
    const minds = new Map([[String(EVERYTHING), EVERYTHING]]);
    for (const view of this.reel.views) {
      if (!alive.has(view.slot)) continue;
      const name = [...this.reel.texts[view.frames[this.turn].p].split(" + ")].sort().join();
      if (!minds.has(name)) minds.set(name, view.slot);
    }
    const slots = [...minds.values()], place = Math.max(slots.indexOf(this.slot), 0);
    this.slot = slots[(place + step + slots.length) % slots.length];
  }

  press(chord) {
    if (this.typed !== null) {
      if (chord === "return") { if (this.typed) this.go(Number(this.typed)); this.typed = null; return true; }
      if (chord === "backspace") { this.typed = this.typed.slice(0, -1); return true; }
      if (/^\d$/.test(chord)) { this.typed = (this.typed + chord).slice(0, 9); return true; }
    }
    const act = this.acts.get(chord);
    if (act) this.act(act);
    return !!act;
  }

  listen() {
    window.addEventListener("keydown", (event) => { if (this.press(chordOf(event))) event.preventDefault(); });
    document.querySelectorAll("[data-act]").forEach((button) => {
      button.onclick = () => { this.act(button.dataset.act); button.blur(); };
    });
    $("#eye").onclick = () => this.look(1);
    $("#seed").onclick = () => {
      const command = this.reel.command;
      navigator.clipboard?.writeText(command).then(() => this.say(`copied: ${command}`), () => this.say(command)) ?? this.say(command);
    };
    const track = $("#track");
    const seek = (event) => {
      const box = track.getBoundingClientRect();
      this.go(Math.round(((event.clientX - box.left - 6) / Math.max(box.width - 12, 1)) * this.reel.turns));
    };
    track.onpointerdown = (event) => { track.setPointerCapture(event.pointerId); seek(event); };
    track.onpointermove = (event) => { if (event.buttons) seek(event); };
    const map = this.painter.canvas;
    let grabbed = null;
    map.onpointerdown = (event) => { map.setPointerCapture(event.pointerId); grabbed = [event.clientX, event.clientY]; };
    map.onpointermove = (event) => {
      if (!event.buttons || !grabbed || Math.hypot(event.clientX - grabbed[0], event.clientY - grabbed[1]) < 3) return;
      this.followed = null;
      this.isWhole = false;
      this.camera = { ...this.camera, x: this.camera.x - event.movementX / this.camera.scale, y: this.camera.y + event.movementY / this.camera.scale };
      grabbed = [Infinity, 0];
    };
    map.onpointerup = (event) => {
      if (grabbed && grabbed[0] !== Infinity) this.pick(event.offsetX, event.offsetY);
      grabbed = null;
    };
    map.onwheel = (event) => {
      event.preventDefault();
      const [x, y] = [event.offsetX, event.offsetY], [wx, wy] = this.painter.world(x, y);
      const scale = Math.min(Math.max(this.camera.scale * 1.18 ** (-event.deltaY / 100), 0.02), 80);
      this.followed = null;
      this.isWhole = false;
      this.camera = { scale, x: wx - (x - this.painter.wide / 2) / scale, y: wy + (y - this.painter.tall / 2) / scale };
    };
    this.isWhole = true;
  }

  pick(x, y) {
    const moment = this.moment();
    this.painter.stand(moment);
    const hit = moment.bodies.find((body) => Math.hypot(body.spot[0] - x, body.spot[1] - y) < body.radius * 1.4);
    if (hit) this.follow(hit.slot);
  }
}

// A key press as the table of keys writes it.
function chordOf(event) {
  if (event.key === "?") return "?";
  const names = { " ": "space", ArrowRight: "right", ArrowLeft: "left", ArrowUp: "up", ArrowDown: "down", Enter: "return" };
  const name = names[event.key] || event.key.toLowerCase();
  return (event.ctrlKey ? "ctrl+" : "") + (event.shiftKey ? "shift+" : "") + name;
}

unpack($("#data").textContent).then((book) => { window.player = new Player(new Reel(book)); });
