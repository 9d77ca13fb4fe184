// The map on a canvas: the ground below, and on it everything that moves, painted anew for each frame.

const FAINT = 0.38;

class Painter extends Sheet {
  constructor(canvas, reel) {
    super(canvas, reel);
    this.ground = new Ground(canvas, reel);
  }

  paint(moment, camera, theme, show) {
    this.camera = camera;
    this.theme = theme;
    const ratio = window.devicePixelRatio || 1, { canvas } = this;
    if (canvas.width !== Math.round(this.wide * ratio) || canvas.height !== Math.round(this.tall * ratio)) {
      canvas.width = Math.round(this.wide * ratio);
      canvas.height = Math.round(this.tall * ratio);
    }
    const c = (this.c = canvas.getContext("2d"));
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const layer = this.ground.layer(camera, theme, ratio);
    c.drawImage(layer.image, 0, 0, this.wide, this.tall);
    this.taken = [...layer.taken];
    this.radius = Math.min(Math.max(this.reel.ground.cell * camera.scale * 0.46, 9.5), 17);
    if (show.vision && moment.seen) this.veil(moment.seen);
    this.doors(moment.frame.d);
    this.exits();
    if (show.trails) for (const track of this.reel.trails(moment, 12)) this.track(track);
    const effects = show.events ? moment.frame.e : [];
    for (const effect of effects) if (effect[0] === "noise") this.noise(effect, moment.strength);
    for (const [item, node] of moment.frame.t) this.thing(item, node);
    this.stand(moment);
    moment.rides.forEach((ride) => this.ride(ride));
    for (const effect of effects) if (effect[0] === "shot" || effect[0] === "strike") this.stroke(effect, moment);
    const well = this.reel.well;
    const stack = [...moment.bodies].sort((a, b) =>
      (a.status === well) - (b.status === well) || a.hunted - b.hunted || b.at[1] - a.at[1]);
    stack.forEach((body) => this.body(body));
    for (const effect of effects) this.mark(effect, moment);
    stack.reverse().forEach((body) => this.name(body));
    this.foot();
  }

  veil(seen) {
    const c = this.c, theme = this.theme, size = this.reel.ground.cell * this.camera.scale * 0.95;
    const sheet = document.createElement("canvas");
    sheet.width = Math.ceil(this.wide / 4);
    sheet.height = Math.ceil(this.tall / 4);
    const s = sheet.getContext("2d");
    s.fillStyle = theme.veil;
    s.globalAlpha = theme.name === "dark" ? 0.46 : 0.26;
    s.fillRect(0, 0, sheet.width, sheet.height);
    s.globalAlpha = 1;
    s.globalCompositeOperation = "destination-out";
    this.reel.nodes.forEach((node, k) => {
      if (seen[k >> 3] & (1 << (k & 7))) {
        const [x, y] = this.spot(node);
        this.dot(s, [x / 4, y / 4], Math.max(size / 4, 1));
      }
    });
    c.drawImage(sheet, 0, 0, this.wide, this.tall);
  }

  doors(states) {
    const c = this.c, ground = this.reel.ground;
    const half = Math.min(Math.max(ground.cell * this.camera.scale * 0.34, 4), 12);
    ground.doors.forEach(([a, b], k) => {
      if (ground.level[a] !== ground.level[b]) return;
      const [ax, ay] = this.spot(this.reel.nodes[a]), [bx, by] = this.spot(this.reel.nodes[b]);
      const long = Math.hypot(bx - ax, by - ay);
      if (!long) return;
      const [mx, my] = [(ax + bx) / 2, (ay + by) / 2], [nx, ny] = [-(by - ay) / long, (bx - ax) / long];
      const inner = states[k] === 0 ? half * 0.45 : 0, color = states[k] < 0 ? this.theme.faint : this.reel.doorColor[states[k]];
      for (const [wide, paint] of [[6, this.theme.ink], [4, color]]) {
        for (const sign of [-1, 1]) {
          c.strokeStyle = paint;
          c.lineWidth = wide;
          c.lineCap = "butt";
          c.beginPath();
          c.moveTo(mx + sign * nx * inner, my + sign * ny * inner);
          c.lineTo(mx + sign * nx * half, my + sign * ny * half);
          c.stroke();
        }
      }
    });
  }

  exits() {
    for (const [side, node] of this.reel.ground.exits) {
      const c = this.c, [x, y] = this.spot(this.reel.nodes[node]);
      c.strokeStyle = this.reel.sides[side][2];
      c.lineWidth = 2;
      c.beginPath();
      c.arc(x, y, Math.max(this.radius * 0.55, 5), 0, 7);
      c.stroke();
    }
  }

  track({ side, nodes }) {
    const c = this.c, level = this.reel.ground.level;
    c.strokeStyle = this.reel.sides[side][2];
    c.lineWidth = 3;
    c.lineCap = "round";
    for (let k = 1; k < nodes.length; k++) {
      if (level[nodes[k]] !== level[nodes[k - 1]]) continue;
      c.globalAlpha = 0.12 + (0.5 * k) / (nodes.length - 1);
      c.beginPath();
      c.moveTo(...this.spot(this.reel.nodes[nodes[k - 1]]));
      c.lineTo(...this.spot(this.reel.nodes[nodes[k]]));
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  noise([, x, y, , , reach], strength) {
    const c = this.c;
    c.strokeStyle = this.reel.palette.orange;
    c.globalAlpha = 0.12 + 0.2 * strength;
    c.lineWidth = 1;
    for (const share of [1, 0.5]) {
      c.beginPath();
      c.arc(...this.spot([x, y]), reach * this.camera.scale * share, 0, 7);
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  thing(item, node) {
    const c = this.c, [x, y] = this.spot(this.reel.nodes[node]), size = Math.max(this.radius * 0.72, 7);
    shape(c, "diamond", x, y - this.radius * 0.2, size * 0.74, this.theme.ink);
    shape(c, "diamond", x, y - this.radius * 0.2, size * 0.52, this.reel.items[item] ? this.reel.palette.orange : "#cdd2d8");
  }

  // Where vehicles and bodies are drawn: at their nodes, pushed apart; riders go with their vehicle.
  stand(moment) {
    const place = (piece) => {
      const [x, y] = this.spot(piece.at);
      return [x + piece.offset[0] * this.radius, y + piece.offset[1] * this.radius];
    };
    const carried = new Map(moment.rides.map((ride) => [ride.vehicle, ride]));
    const walkers = moment.bodies.filter((body) => !carried.has(body.ride));
    const pieces = [...moment.rides, ...walkers];
    const sizes = pieces.map((piece) => this.radius * (piece.vehicle === undefined ? 1.15 : Math.max(piece.aboard, 1.15)));
    part(pieces.map(place), sizes).forEach((spot, k) => (pieces[k].spot = spot));
    for (const body of moment.bodies) {
      const ride = carried.get(body.ride);
      if (ride) body.spot = [ride.spot[0] + body.offset[0] * this.radius, ride.spot[1] + body.offset[1] * this.radius];
      body.radius = ride ? Math.max(this.radius * 0.82, 8) : this.radius;
    }
  }

  ride(ride) {
    const c = this.c, [x, y] = ride.spot, kind = this.reel.rides[ride.vehicle];
    const two = kind.includes("motorcycle");
    const wide = this.radius * Math.max(2 * ride.aboard + 1.5, 2.6);
    const tall = this.radius * ((two ? 1.2 : kind.includes("truck") ? 2 : 1.7) + (ride.aboard && !two ? 0.7 : 0));
    c.globalAlpha = ride.faint ? FAINT : 1;
    const round = tall * (two ? 0.5 : 0.34);
    const paint = kind.includes("police") ? "#3a4e70" : kind.includes("truck") ? "#787e88" : "#8e949e";
    for (const [grow, color] of [[0, this.theme.ink], [1.5, paint]]) {
      c.fillStyle = color;
      c.beginPath();
      c.roundRect(x - wide / 2 + grow, y - tall / 2 + grow, wide - 2 * grow, tall - 2 * grow, round);
      c.fill();
    }
    c.globalAlpha = 1;
    const box = [x - wide / 2, y - tall / 2, wide, tall];
    this.taken.push(box);
    if (!ride.aboard) this.label(this.reel.vehicles[ride.vehicle], this.theme.soft, x, y, tall / 2, ride.faint);
  }

  stroke(effect, moment) {
    const who = moment.bodies.find((body) => body.slot === effect[3]), to = moment.bodies.find((body) => body.slot === effect[4]);
    if (!who || !to) return;
    let [x0, y0] = who.spot, [x1, y1] = to.spot;
    if (Math.hypot(x1 - x0, y1 - y0) < this.radius) {
      [x0, y0, x1, y1] = [x0 - this.radius, y0 - this.radius, x0 + this.radius, y0 + this.radius];
    }
    const c = this.c;
    for (const [wide, paint, alpha] of [[5, this.theme.ink, 1],
      [3, effect[0] === "shot" ? this.reel.palette.yellow : this.reel.palette.vermillion, 0.35 + 0.65 * moment.strength]]) {
      c.strokeStyle = paint;
      c.globalAlpha = alpha;
      c.lineWidth = wide;
      c.beginPath();
      c.moveTo(x0, y0);
      c.lineTo(x1, y1);
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  body(body) {
    const c = this.c, reel = this.reel, { radius } = body, [x, y] = body.spot, gone = body.status !== reel.well;
    const home = this.spot(body.at);
    if (body.ride < 0 && Math.hypot(x - home[0], y - home[1]) > radius * 1.1) {
      c.strokeStyle = this.theme.soft;
      c.lineWidth = 1;
      c.beginPath();
      c.moveTo(...home);
      c.lineTo(x, y);
      c.stroke();
    }
    c.globalAlpha = body.faint || gone ? FAINT : 1;
    if (body.hunted && !gone) this.halo(x, y, radius, this.theme.text, 10);
    if (body.pending) this.halo(x, y, radius * 1.15, reel.palette.purple, 6);
    const who = reel.looks[body.behind >= 0 ? body.behind : body.look], worn = reel.looks[body.look];
    token(c, reel, who, body.behind >= 0 ? worn : null, x, y, radius, this.theme.ink);
    if (gone && body.status !== reel.down) {
      for (const [wide, paint] of [[1.7, this.theme.ink], [1, reel.palette.vermillion]]) {
        c.strokeStyle = paint;
        c.lineWidth = wide * radius * 0.28;
        c.beginPath();
        for (const sign of [-1, 1]) {
          c.moveTo(x - radius * 0.8, y - sign * radius * 0.8);
          c.lineTo(x + radius * 0.8, y + sign * radius * 0.8);
        }
        c.stroke();
      }
    }
    c.globalAlpha = 1;
    this.taken.push([x - radius, y - radius, 2 * radius, 2 * radius]);
    if (body.health >= 0 && !gone && (body.health < 100 || body.staggered)) {
      c.fillStyle = this.theme.ink;
      c.fillRect(x - radius - 1, y - radius * 1.5 - 3.5, radius * 2 + 2, 7);
      c.fillStyle = body.staggered ? reel.palette.purple : healthColor(reel, body.health);
      c.fillRect(x - radius, y - radius * 1.5 - 2.5, Math.max((radius * 2 * body.health) / 100, 1), 5);
    }
  }

  halo(x, y, radius, color, dashes) {
    const c = this.c;
    c.strokeStyle = color;
    c.lineWidth = 0.16 * radius;
    for (let k = 0; k < dashes; k++) {
      const start = (2 * Math.PI * k) / dashes;
      c.beginPath();
      c.arc(x, y, 1.57 * radius, start, start + (1.15 * Math.PI) / dashes);
      c.stroke();
    }
  }

  mark([kind, , , who], moment) {
    const body = moment.bodies.find((one) => one.slot === who), c = this.c, palette = this.reel.palette;
    if (!body) return;
    const [x, y] = body.spot, radius = this.radius;
    c.globalAlpha = 0.25 + 0.75 * moment.strength;
    const rays = { hit: [10, palette.vermillion], blade: [3, "#ebeef2"], splash: [8, palette.sky] }[kind];
    const rings = { morph: [[1.75, palette.purple], [2.2, palette.purple]], linked: [[1.8, palette.green]], fell: [[1.8, palette.yellow]] }[kind];
    const words = { passed: ["yes", palette.green], failed: ["?!", palette.vermillion], blocked: ["blocked", palette.orange] }[kind];
    if (rays) {
      c.fillStyle = rays[1];
      for (let k = 0; k < rays[0]; k++) {
        const turn = 0.2 + (2 * Math.PI * k) / rays[0];
        c.beginPath();
        c.moveTo(x + 2.4 * radius * Math.cos(turn), y + 2.4 * radius * Math.sin(turn));
        for (const d of [-0.14, 0.14]) c.lineTo(x + 1.3 * radius * Math.cos(turn + d), y + 1.3 * radius * Math.sin(turn + d));
        c.fill();
      }
    }
    for (const [size, color] of rings || []) {
      c.strokeStyle = color;
      c.lineWidth = 0.16 * radius;
      c.beginPath();
      c.arc(x, y, size * radius, 0, 7);
      c.stroke();
    }
    if (words) {
      c.font = "11px system-ui, sans-serif";
      const wide = c.measureText(words[0]).width + 8;
      c.fillStyle = words[1];
      c.beginPath();
      c.roundRect(x - wide / 2, y - radius * 1.75 - 8, wide, 16, 5);
      c.fill();
      this.text(c, words[0], x, y - radius * 1.75, this.theme.ink);
    }
    c.globalAlpha = 1;
  }

  name(body) {
    const looks = this.reel.looks, worn = looks[body.look][0];
    const text = body.behind >= 0 ? `${looks[body.behind][0]} as ${worn}` : worn;
    const color = body.status === this.reel.well ? this.theme.text : this.theme.faint;
    this.label(text, color, ...body.spot, body.radius * 1.05, body.faint);
  }

  // A name beside what it names, in the first free place; left out where there is none.
  label(text, color, x, y, away, faint) {
    const c = this.c;
    c.font = "11.5px system-ui, sans-serif";
    const wide = c.measureText(text).width + 4, tall = 15, sx = away + wide / 2, sy = away + tall / 2;
    for (const [dx, dy] of [[0, sy], [0, -sy], [sx, 0], [-sx, 0], [sx * 0.75, sy * 0.75], [-sx * 0.75, sy * 0.75],
      [sx * 0.75, -sy * 0.75], [-sx * 0.75, -sy * 0.75]]) {
      const box = [x + dx - wide / 2, y + dy - tall / 2, wide, tall];
      if (!free(box, this.taken) || box[0] < 4 || box[1] < 4 || box[0] + wide > this.wide - 4 || box[1] + tall > this.tall - 4) continue;
      this.text(c, text, x + dx, y + dy, faint ? this.theme.faint : color, this.theme.halo);
      this.taken.push(box);
      return;
    }
  }

  foot() {
    const c = this.c, scale = this.camera.scale;
    const meters = [5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((some) => some * scale > 60) || 5000;
    c.strokeStyle = this.theme.soft;
    c.lineWidth = 2;
    c.beginPath();
    for (const [x, y] of [[14, -20], [14, -14], [14 + meters * scale, -14], [14 + meters * scale, -20]]) c.lineTo(x, this.tall + y);
    c.stroke();
    c.font = "11px system-ui, sans-serif";
    const words = meters < 1000 ? `${meters} m` : `${meters / 1000} km`;
    this.text(c, words, 18 + c.measureText(words).width / 2, this.tall - 25, this.theme.soft, this.theme.halo);
    if (this.reel.ground.attribution) {
      const wide = c.measureText(this.reel.ground.attribution).width;
      this.text(c, this.reel.ground.attribution, this.wide - 8 - wide / 2, this.tall - 14, this.theme.soft, this.theme.halo);
    }
  }
}

// Spots moved just so far that circles of these radii hardly overlap.
function part(spots, radii) {
  const at = spots.map((spot) => [...spot]);
  for (let round = 0; round < 8; round++) {
    const push = at.map(() => [0, 0]);
    let calm = true;
    for (let a = 0; a < at.length; a++) {
      for (let b = 0; b < at.length; b++) {
        if (a === b) continue;
        const dx = at[a][0] - at[b][0], dy = at[a][1] - at[b][1], far = Math.max(Math.hypot(dx, dy), 1e-6);
        const short = (radii[a] + radii[b]) * 1.04 - far;
        if (short <= 0) continue;
        calm = false;
        push[a][0] += (dx / far) * short * 0.45;
        push[a][1] += (dy / far) * short * 0.45;
      }
    }
    if (calm) break;
    at.forEach((spot, k) => { spot[0] += push[k][0]; spot[1] += push[k][1]; });
  }
  return at.map((spot, k) => {
    const dx = spot[0] - spots[k][0], dy = spot[1] - spots[k][1];
    const share = Math.min(1, (3 * radii[k]) / Math.max(Math.hypot(dx, dy), 1e-6));
    return [spots[k][0] + dx * share, spots[k][1] + dy * share];
  });
}
