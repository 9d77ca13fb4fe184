// What every painted sheet shares: from meters to pixels, words, lines, dots; shapes and tokens.

const SHAPES = { circle: [40, 0, 1], square: [4, Math.PI / 4, 1.25], diamond: [4, 0, 1.32], hexagon: [6, Math.PI / 6, 1.1] };

class Sheet {
  constructor(canvas, reel) {
    this.canvas = canvas;
    this.reel = reel;
  }

  // The camera that shows a box of meters.
  fit([left, low, right, high], margin = 24) {
    const wide = Math.max(this.wide - 2 * margin, 1), tall = Math.max(this.tall - 2 * margin, 1);
    const scale = Math.min(wide / Math.max(right - left, 1e-6), tall / Math.max(high - low, 1e-6));
    return { x: (left + right) / 2, y: (low + high) / 2, scale };
  }

  get wide() { return this.canvas.clientWidth; }
  get tall() { return this.canvas.clientHeight; }

  spot([x, y]) {
    const camera = this.camera;
    return [(x - camera.x) * camera.scale + this.wide / 2, (camera.y - y) * camera.scale + this.tall / 2];
  }

  world(px, py) {
    const camera = this.camera;
    return [camera.x + (px - this.wide / 2) / camera.scale, camera.y - (py - this.tall / 2) / camera.scale];
  }

  line(c, points, color, width) {
    c.strokeStyle = color;
    c.lineWidth = width;
    c.beginPath();
    for (const point of points) c.lineTo(...this.spot(point));
    c.stroke();
  }

  dot(c, [x, y], radius, color) {
    if (color) c.fillStyle = color;
    c.beginPath();
    c.arc(x, y, radius, 0, 7);
    c.fill();
  }

  text(c, words, x, y, color, halo) {
    c.textAlign = "center";
    c.textBaseline = "middle";
    if (halo) {
      c.strokeStyle = halo;
      c.lineWidth = 3;
      c.lineJoin = "round";
      c.strokeText(words, x, y);
    }
    c.fillStyle = color;
    c.fillText(words, x, y);
  }
}

function shape(c, kind, x, y, radius, color) {
  const [count, turn, size] = SHAPES[kind];
  c.fillStyle = color;
  c.beginPath();
  for (let k = 0; k < count; k++) {
    const angle = turn + (2 * Math.PI * k) / count;
    c.lineTo(x + radius * size * Math.cos(angle), y + radius * size * Math.sin(angle));
  }
  c.fill();
}

// A token: shape and color of a side with its letters; a look worn over it as a ring and a badge.
function token(c, reel, who, worn, x, y, radius, ink) {
  const [, kind, color] = reel.sides[who[2]];
  shape(c, kind, x, y, radius * 1.16, ink);
  if (worn) {
    shape(c, kind, x, y, radius * 1.42, ink);
    shape(c, kind, x, y, radius * 1.32, reel.sides[worn[2]][2]);
    shape(c, kind, x, y, radius * 1.12, ink);
  }
  shape(c, kind, x, y, radius, color);
  c.font = `600 ${radius * (who[1].length === 1 ? 1.15 : 0.95)}px system-ui, sans-serif`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillStyle = ink;
  c.fillText(who[1], x, y + radius * 0.06);
  if (worn) token(c, reel, worn, null, x + radius * 0.92, y + radius * 0.92, Math.max(radius * 0.58, 6), ink);
}

function healthColor(reel, percent) {
  return percent > 60 ? reel.palette.green : percent > 30 ? reel.palette.orange : reel.palette.vermillion;
}

function free([x, y, wide, tall], taken) {
  return !taken.some(([a, b, w, h]) => x < a + w && a < x + wide && y < b + h && b < y + tall);
}
