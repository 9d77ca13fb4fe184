"""A page in headless Chromium: a script runs in it, and what it returns comes back as JSON."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def in_browser(page: Path, script: str, folder: Path, size: tuple[int, int] = (1280, 800)) -> Any:
    """What an async function body returns when run in a copy of the page, once its player is there.

    Raises AssertionError with what the browser said if the script fails.
    """
    run = f"""
<script>
(async () => {{
  while (!window.player) await new Promise((done) => setTimeout(done, 5));
  const press = (key, more = {{}}) => window.dispatchEvent(new KeyboardEvent("keydown", {{ key, ...more }}));
  const frame = () => player.draw(performance.now());  // a page that nobody looks at gets no frames of its own
  let told;
  try {{ told = await (async () => {{ {script} }})(); }} catch (error) {{ told = {{ error: String(error.stack) }}; }}
  const note = document.createElement("pre");
  note.id = "told";
  note.textContent = JSON.stringify(told);
  document.body.append(note);
}})();
</script></body>"""
    copy = folder / "driven.html"
    copy.write_text(page.read_text("utf-8").replace("</body>", run), "utf-8")
    assert CHROMIUM is not None
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={folder / 'profile'}",
        f"--window-size={size[0]},{size[1]}", "--virtual-time-budget=20000", "--dump-dom", copy.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, f"the page told nothing: {done.stderr[-2000:]}"
    told = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert not (isinstance(told, dict) and "error" in told), told
    return told
