// The records of a replay, unpacked: frames in full, and where everybody is between two of them.

const EVERYTHING = -1;

class Reel {
  constructor(book) {
    Object.assign(this, book);
    this.nodes = pairs(book.ground.nodes);
    for (const view of this.views) {
      let last = {};
      view.frames = view.frames.map((changed) => (last = { ...last, ...changed }));
      view.seen = view.frames.map((frame, k) =>
        k && frame.v === view.frames[k - 1].v ? null : frame.v == null ? undefined : bits(frame.v));
      view.seen.forEach((seen, k) => { if (seen === null) view.seen[k] = view.seen[k - 1]; });
    }
  }

  view(slot) {
    return this.views.find((view) => view.slot === slot);
  }

  // Everything to paint at a position in turns: of the frames around it the nearer one, pieces moved along their ways.
  moment(position, slot, truth) {
    const turn = Math.min(Math.floor(position), this.turns), part = position - turn;
    const eyes = this.view(slot), view = truth ? this.view(EVERYTHING) : eyes;
    const before = view.frames[turn], after = view.frames[Math.min(turn + 1, this.turns)];
    const near = part >= 0.5 ? after : before, at = part >= 0.5 ? Math.min(turn + 1, this.turns) : turn;
    const first = bySlot(before.b), second = bySlot(after.b);
    const shown = slot === EVERYTHING || !truth ? null : new Set(eyes.frames[at].w);
    const bodies = near.b.map((body) => {
      const a = first.get(body[0]) || body, b = second.get(body[0]) || body;
      const known = first.has(body[0]) && second.has(body[0]);
      return {
        slot: body[0], look: body[1], behind: body[2], node: body[3], status: body[6],
        health: body[7], ride: body[8], hunted: !!(body[9] & 2), staggered: !!(body[9] & 4), pending: !!(body[9] & 8),
        faint: shown ? !shown.has(body[0]) : !!(body[9] & 1),
        at: known && part > 0 ? this.along(b[10], a[3], b[3], part) : this.nodes[body[3]],
        offset: [a[4] + (b[4] - a[4]) * part, a[5] + (b[5] - a[5]) * part],
      };
    });
    const rides = near.r.map((ride) => {
      const a = before.r.find((one) => one[0] === ride[0]) || ride;
      const rider = part > 0 && bodies.find((body) => body.ride === ride[0] &&
        first.get(body.slot)?.[8] === ride[0] && second.get(body.slot)?.[8] === ride[0]);
      return {
        vehicle: ride[0], at: rider ? rider.at : this.nodes[ride[1]], aboard: ride[4], faint: !!ride[5],
        offset: [a[2] + (ride[2] - a[2]) * part, a[3] + (ride[3] - a[3]) * part],
      };
    });
    return { turn, position, part, at, frame: near, bodies, rides, strength: Math.abs(1 - 2 * part),
      seen: eyes.seen[at], eyes: eyes.frames[at], log: view.log, slot, truth };
  }

  // The point a part of the way along a way of nodes; a leg between two floors is jumped halfway.
  along(way, start, end, part) {
    const nodes = way.length ? way : [start, end], place = part * (nodes.length - 1);
    const leg = Math.min(Math.floor(place), nodes.length - 2);
    const a = nodes[leg], b = nodes[leg + 1], level = this.ground.level;
    let share = place - leg;
    if (level[a] !== level[b]) share = share >= 0.5 ? 1 : 0;
    const [ax, ay] = this.nodes[a], [bx, by] = this.nodes[b];
    return [ax + (bx - ax) * share, ay + (by - ay) * share];
  }

  // The nodes that each agent of a view came by in the last turns, newest last.
  trails(moment, turns) {
    const view = moment.truth ? this.view(EVERYTHING) : this.view(moment.slot), found = [];
    for (const body of view.frames[moment.turn].b) {
      const nodes = [body[3]];
      for (let turn = moment.turn; turn > Math.max(moment.turn - turns, 0); turn--) {
        const now = bySlot(view.frames[turn].b).get(body[0]), was = bySlot(view.frames[turn - 1].b).get(body[0]);
        if (!now || !was) break;
        for (const node of now[10].slice(0, -1).reverse()) if (node !== nodes[0]) nodes.unshift(node);
      }
      const look = moment.truth ? body[0] : body[1];
      if (nodes.length > 1) found.push({ side: this.looks[look][2], nodes });
    }
    return found;
  }
}

function bySlot(bodies) {
  return new Map(bodies.map((body) => [body[0], body]));
}

function pairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
}

function bits(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
