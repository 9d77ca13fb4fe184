// What stands around the map: heading, list of agents, log, timeline, help.

class Panels {
  constructor(reel) {
    this.reel = reel;
    this.shown = {};
    $("h1").textContent = reel.title;
    $("#seed").textContent = `seed ${reel.seed}`;
    $("#badge").textContent = reel.badge;
    const color = { verified: "green", "watch only": "orange", diverged: "vermillion" }[reel.badge];
    $("#badge").style.background = reel.palette[color];
    const whom = new Map();
    for (const [who, policy] of reel.policies) whom.set(policy, [...(whom.get(policy) || []), who]);
    $("#policies").textContent = [...whom].map(([policy, names]) => `${policy}: ${names.join(", ")}`).join(" · ");
    const list = reel.keys.map(([, , shown, help]) => `<dt>${escape(shown)}</dt><dd>${escape(help)}</dd>`).join("");
    $("#help").innerHTML = `<h2>Keys</h2><dl>${list}<dt>wheel, drag</dt><dd>nearer, farther; move the map</dd>
      <dt>click an agent</dt><dd>follow; again: stop</dd></dl>`;
  }

  show(moment, player) {
    const { reel } = this, texts = reel.texts;
    const speed = player.speed >= 1 ? `${player.speed}×` : `1/${Math.round(1 / player.speed)}×`;
    $("#clock").textContent = `turn ${moment.turn} / ${reel.turns}   ${speed}`;
    $("#outcome").textContent = texts[moment.frame.o];
    $("#eye").textContent = `${texts[moment.eyes.p]} · ${player.truth ? "truth" : "seen"}`;
    $("#caption").textContent = player.events ? texts[moment.frame.c] : "";
    $('[data-act="PLAY"]').textContent = player.playing ? "❙❙" : "▶";
    this.once("agents", [moment.frame.n, player.followed, player.theme.name], () => this.agents(moment, player));
    this.once("log", [moment.log, moment.turn], () => this.log(moment, player));
    this.timeline(moment, player);
  }

  // Build a part of the page only when what it shows has changed.
  once(name, of, build) {
    const last = this.shown[name];
    if (last && last.every((value, k) => value === of[k])) return;
    this.shown[name] = of;
    build();
  }

  agents(moment, player) {
    const { reel } = this;
    const ordered = [...moment.frame.n].sort((a, b) => a[5] - b[5]);
    $("#agents").replaceChildren(...ordered.map(([look, behind, note, health, points, gone, looks]) => {
      const item = document.createElement("li"), icon = document.createElement("canvas");
      icon.width = icon.height = 52;
      icon.style.cssText = "width:26px;height:26px;grid-row:1/3";
      const c = icon.getContext("2d");
      c.scale(2, 2);
      c.globalAlpha = gone ? 0.43 : 1;
      const who = reel.looks[behind >= 0 ? behind : look];
      token(c, reel, who, behind >= 0 ? reel.looks[look] : null, 12, 12, 8, player.theme.ink);
      const name = span("name", behind >= 0 ? `${who[0]} as ${reel.looks[look][0]}` : who[0]);
      const facts = span("points", "");
      if (points >= 0 && !gone) {
        facts.innerHTML = `<i><b style="width:${health}%;background:${healthColor(reel, health)}"></b></i>${points}`;
      }
      const can = looks.length ? `can be ${looks.map((g) => reel.looks[g][0]).join(", ")}` : "";
      item.append(icon, name, facts, span("note", [reel.texts[note], can].filter(Boolean).join("; ")));
      item.className = gone ? "gone" : "";
      const slot = moment.frame.b.find((body) => body[1] === look && body[2] === behind)?.[0];
      if (slot !== undefined) {
        item.classList.toggle("followed", slot === player.followed);
        item.onclick = () => player.follow(slot);
      }
      return item;
    }));
  }

  log(moment, player) {
    const { reel } = this, list = $("#log");
    const said = moment.log.filter(([turn]) => turn <= moment.turn).slice(-60);
    const colors = { 2: "purple", 3: "orange", 4: "vermillion" };
    list.replaceChildren(...said.map(([turn, text, grave, told]) => {
      const item = document.createElement("li");
      item.append(span("turn", turn), span("", reel.texts[text]));
      item.className = turn === moment.turn ? "now" : turn >= moment.turn - 3 ? "near" : "";
      item.style.borderLeftColor = told ? reel.palette.sky : reel.palette[colors[grave]] || "transparent";
      item.onclick = () => player.go(turn);
      return item;
    }));
    list.scrollTop = list.scrollHeight;
  }

  timeline(moment, player) {
    const canvas = $("#track"), ratio = window.devicePixelRatio || 1, theme = player.theme;
    const wide = canvas.clientWidth, tall = canvas.clientHeight, span = Math.max(this.reel.turns, 1);
    canvas.width = Math.round(wide * ratio);
    canvas.height = Math.round(tall * ratio);
    const c = canvas.getContext("2d"), x = (turn) => 6 + ((wide - 12) * turn) / span;
    c.scale(ratio, ratio);
    c.fillStyle = theme.bar;
    c.beginPath();
    c.roundRect(x(0), 15, wide - 12, 10, 5);
    c.fill();
    c.fillStyle = theme.faint;
    c.beginPath();
    c.roundRect(x(0), 15, x(moment.position) - x(0), 10, 5);
    c.fill();
    const colors = [null, theme.faint, this.reel.palette.purple, this.reel.palette.orange, this.reel.palette.vermillion];
    for (const [turn, grave] of this.reel.events) {
      c.fillStyle = colors[grave];
      c.fillRect(x(turn) - 1, 13 - (2 + 2.5 * grave), 2, 2 + 2.5 * grave);
    }
    c.fillStyle = this.reel.palette.yellow;
    for (const [turn] of this.reel.marks) c.fillRect(x(turn) - 3, 27, 6, 5);
    c.fillStyle = theme.text;
    c.fillRect(x(moment.position) - 2, 11, 5, 18);
  }
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

function escape(text) {
  return text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]);
}

function $(query) {
  return document.querySelector(query);
}
