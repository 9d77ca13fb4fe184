// The part of the map that does not change: floors, streets, rooms, signs, names.

class Ground extends Sheet {
  // The finished layer for a camera and theme, and what its labels cover; kept until one of them changes.
  layer(camera, theme, ratio) {
    this.camera = camera;
    this.theme = theme;
    const key = [this.wide, this.tall, camera.x, camera.y, camera.scale, theme.name, ratio].join();
    if (this.kept?.key === key) return this.kept;
    const image = document.createElement("canvas");
    image.width = Math.round(this.wide * ratio);
    image.height = Math.round(this.tall * ratio);
    const c = image.getContext("2d"), ground = this.reel.ground;
    const taken = [];
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.fillStyle = theme.ground;
    c.fillRect(0, 0, this.wide, this.tall);
    c.lineCap = c.lineJoin = "round";
    for (const [, box] of ground.floors) {
      const [x0, y1] = this.spot([box[0], box[1]]), [x1, y0] = this.spot([box[2], box[3]]);
      c.fillStyle = theme.panel;
      c.strokeStyle = theme.panel_edge;
      c.beginPath();
      c.roundRect(x0 - 12, y0 - 12, x1 - x0 + 24, y1 - y0 + 24, 8);
      c.fill();
      c.stroke();
    }
    const width = (meters) => Math.max(meters * camera.scale, Math.min(Math.max(0.12 * meters, 1.6), 3));
    for (const edge of [true, false]) {
      for (const [kind, meters, , flat] of ground.streets) {
        this.line(c, pairs(flat), edge ? theme.street_edge : theme.streets[kind] || theme.street,
          width(meters) + (edge ? 2.4 : 0));
      }
      const narrow = Math.min(Math.max(ground.cell * camera.scale * 0.42, 2), 16);
      for (const [a, b] of ground.ways) {
        if (ground.level[a] === ground.level[b]) {
          this.line(c, [this.reel.nodes[a], this.reel.nodes[b]], edge ? theme.street_edge : theme.street,
            narrow + (edge ? 2.4 : 0));
        }
      }
    }
    const rooms = [...ground.rooms].sort((a, b) => area(b[2]) - area(a[2]));
    for (const [kind, , flat] of rooms) {
      c.beginPath();
      pairs(flat).forEach((point, k) => (k ? c.lineTo(...this.spot(point)) : c.moveTo(...this.spot(point))));
      c.closePath();
      c.fillStyle = theme.fills[kind] || theme.room;
      c.strokeStyle = kind === "block" || kind === "house" ? theme.bar : theme.wall;
      c.lineWidth = 1.2;
      c.fill();
      c.stroke();
    }
    const cell = ground.cell * camera.scale;
    if (cell >= 8) {
      c.fillStyle = theme.cell;
      for (const node of this.reel.nodes) this.dot(c, this.spot(node), Math.min(cell * 0.07, 2.2));
    }
    this.signs(c, taken);
    this.names(c, rooms, taken);
    this.kept = { key, image, taken };
    return this.kept;
  }

  signs(c, taken) {
    const ground = this.reel.ground, near = ground.cell * this.camera.scale >= 22;
    for (const [node, word] of ground.signs) {
      const [x, y] = this.spot(this.reel.nodes[node]);
      if (near && word) this.plate(c, word, x, y, taken);
      else this.dot(c, [x, y], 2, this.theme.soft);
    }
  }

  plate(c, word, x, y, taken) {
    c.font = "11px system-ui, sans-serif";
    const wide = c.measureText(word).width + 6, box = [x - wide / 2, y - 8, wide, 16];
    if (!free(box, taken)) return this.dot(c, [x, y], 2, this.theme.soft);
    c.fillStyle = this.theme.panel;
    c.strokeStyle = this.theme.faint;
    c.lineWidth = 1;
    c.beginPath();
    c.roundRect(...box, 4);
    c.fill();
    c.stroke();
    this.text(c, word, x, y, this.theme.soft);
    taken.push(box);
  }

  names(c, rooms, taken) {
    const ground = this.reel.ground, theme = this.theme;
    for (const [title, box] of ground.floors) {
      const [x, y] = this.spot([box[0], box[3]]);
      c.font = "16px system-ui, sans-serif";
      c.textAlign = "left";
      c.fillStyle = theme.text;
      c.fillText(title, x, y - 18);
    }
    for (const [, label, flat] of rooms) {
      const points = pairs(flat).map((point) => this.spot(point));
      const [x, y, wide, tall] = heart(points);
      for (const size of [16, 13, 11]) {
        c.font = `${size}px system-ui, sans-serif`;
        const lines = wrap(c, label, wide);
        const step = size * 1.15, box = [x - wide / 2, y - (step * lines.length) / 2, wide, step * lines.length];
        if (!lines.length || box[3] > tall || !free(box, taken)) continue;
        lines.forEach((line, k) => this.text(c, line, x, box[1] + step * (k + 0.5), theme.soft));
        taken.push(box);
        break;
      }
    }
    const named = new Set();
    c.font = "11px system-ui, sans-serif";
    for (const [kind, , name, flat] of [...ground.streets].reverse()) {
      if (!name || named.has(name) || kind === "stairs" || kind === "corridor") continue;
      const points = pairs(flat).map((point) => this.spot(point)), wide = c.measureText(name).width;
      for (let k = 1; k < points.length; k++) {
        const [a, b] = [points[k - 1], points[k]], long = Math.hypot(b[0] - a[0], b[1] - a[1]);
        const x = (a[0] + b[0]) / 2, y = (a[1] + b[1]) / 2;
        if (long < wide + 10 || x < 0 || y < 0 || x > this.wide || y > this.tall) continue;
        let turn = Math.atan2(b[1] - a[1], b[0] - a[0]);
        if (Math.abs(turn) > Math.PI / 2) turn += Math.PI;
        const half = [Math.abs(Math.cos(turn)) * wide / 2 + 7, Math.abs(Math.sin(turn)) * wide / 2 + 7];
        const box = [x - half[0], y - half[1], 2 * half[0], 2 * half[1]];
        if (!free(box, taken)) continue;
        c.save();
        c.translate(x, y);
        c.rotate(turn);
        this.text(c, name, 0, 0, theme.soft, theme.name === "dark" ? theme.street_edge : theme.halo);
        c.restore();
        taken.push(box);
        named.add(name);
        break;
      }
    }
  }
}

function area(flat) {
  const points = pairs(flat);
  let total = 0, [ax, ay] = points[points.length - 1];
  for (const [bx, by] of points) {
    total += ax * by - bx * ay;
    [ax, ay] = [bx, by];
  }
  return Math.abs(total) / 2;
}

// Middle, width and height of the widest level strip inside a polygon.
function heart(points) {
  const ys = points.map(([, y]) => y), low = Math.min(...ys), high = Math.max(...ys);
  let best = [0, 0, 0, 0];
  for (const share of [0.5, 0.38, 0.62, 0.26, 0.74, 0.14, 0.86]) {
    const y = low + (high - low) * share, found = [];
    let [ax, ay] = points[points.length - 1];
    for (const [bx, by] of points) {
      if (ay <= y !== by <= y) found.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
      [ax, ay] = [bx, by];
    }
    found.sort((a, b) => a - b);
    for (let k = 0; k + 1 < found.length; k += 2) {
      if (found[k + 1] - found[k] > best[2] * 1.15) {
        best = [(found[k] + found[k + 1]) / 2, y, found[k + 1] - found[k], 1.8 * Math.min(y - low, high - y)];
      }
    }
  }
  return [best[0], best[1], best[2] - 8, best[3]];
}

// A text in lines of at most a width; none if a word is wider.
function wrap(c, words, wide) {
  const lines = [];
  for (const word of words.split(" ")) {
    if (c.measureText(word).width > wide) return [];
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && c.measureText(longer).width <= wide) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
